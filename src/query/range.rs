//! Numbers and dates after a key, and ranges of them.
//!
//! `a..b` holds both its ends, and so do [`Bounds`]; `>n` and `<n` are strict, so `>50` becomes
//! `51..`, and `>2024-05` begins on the first of June. A distance from today counts back: `>90d` is
//! `..90d`.
//!
//! Invariant: a range whose ends are the wrong way round is a fault, never an empty answer.

use crate::model::date::Date;
use crate::model::date::Precision;
use crate::query::Bounds;
use crate::query::Span;
use crate::query::fault::Fault;
use crate::query::fault::FaultKind;
use crate::query::fault::Wants;
use crate::query::spell;
use crate::query::value::Value;
use crate::query::when::Unit;
use crate::query::when::When;

/// What has an order and neighbours.
pub(crate) trait Scale: Copy {
    /// What a key of this scale wants.
    const WANTS: Wants;

    /// Reads one.
    fn read(text: &str) -> Option<Self>;

    /// The least that is beyond it.
    fn after(self) -> Option<Self>;

    /// The greatest that is before it.
    fn before(self) -> Option<Self>;

    /// Whether a range may lead from this to that.
    fn leads_to(self, to: Self) -> bool;

    /// Whether a text can still become one by typing on.
    fn is_begun(text: &str) -> bool;

    /// Whether more of it lies further down the scale, so that signs are turned round.
    fn counts_back(self) -> bool {
        false
    }

    /// What a text that is none probably means.
    fn guess(_text: &str) -> Option<String> {
        None
    }
}

impl Scale for i64 {
    const WANTS: Wants = Wants::Number;

    fn read(text: &str) -> Option<i64> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse().ok()).flatten()
    }

    fn after(self) -> Option<i64> {
        self.checked_add(1)
    }

    fn before(self) -> Option<i64> {
        self.checked_sub(1)
    }

    fn leads_to(self, to: i64) -> bool {
        self <= to
    }

    fn is_begun(text: &str) -> bool {
        text == "-"
    }
}

impl Scale for Date {
    const WANTS: Wants = Wants::Date;

    fn read(text: &str) -> Option<Date> {
        Date::parse(text)
    }

    fn after(self) -> Option<Date> {
        real(self.last().add_days(1))
    }

    fn before(self) -> Option<Date> {
        real(self.first().add_days(-1))
    }

    fn leads_to(self, to: Date) -> bool {
        self.first() <= to.last()
    }

    fn is_begun(text: &str) -> bool {
        let signs = ['-', '/', '.', '年', '月', '日'];
        let fits = |c: char| c.is_ascii_digit() || signs.contains(&c);
        text.chars().count() < 10 && text.chars().all(fits)
    }
}

impl Scale for When {
    const WANTS: Wants = Wants::When;

    fn read(text: &str) -> Option<When> {
        When::read(text)
    }

    /// A distance has no sharp end: `>90d` and `>=90d` are the same. What lies beyond a whole month
    /// cannot be said.
    fn after(self) -> Option<When> {
        match self {
            When::Date(date) => date.after().map(When::Date),
            When::This(Precision::Day) => Some(When::Ago(-1, Unit::Day)),
            When::This(Precision::Month | Precision::Year) => None,
            When::Ago(..) => Some(self),
        }
    }

    fn before(self) -> Option<When> {
        match self {
            When::Date(date) => date.before().map(When::Date),
            When::This(Precision::Day) => Some(When::Ago(1, Unit::Day)),
            When::This(Precision::Month | Precision::Year) => None,
            When::Ago(..) => Some(self),
        }
    }

    fn leads_to(self, to: When) -> bool {
        match (self, to) {
            (When::Date(from), When::Date(to)) => from.leads_to(to),
            _ => match (self.distance(), to.distance()) {
                (Some(from), Some(to)) => from >= to,
                _ => true,
            },
        }
    }

    fn is_begun(text: &str) -> bool {
        Date::is_begun(text) || When::is_begun(text)
    }

    /// `>90d` is longer ago than 90 days, as people say it, not later.
    fn counts_back(self) -> bool {
        self.distance().is_some_and(|days| days > 0)
    }

    fn guess(text: &str) -> Option<String> {
        let days = format!("{text}d");
        When::read(&days).map(|_| days)
    }
}

/// A date that the calendar of the register holds.
fn real(date: Date) -> Option<Date> {
    Date::new(date.year(), date.month()?, date.day()?)
}

/// One end of a range that a sign sets.
#[derive(Clone, Copy)]
enum End {
    Above,
    From,
    Below,
    UpTo,
}

impl End {
    fn turned(self) -> End {
        match self {
            End::Above => End::Below,
            End::From => End::UpTo,
            End::Below => End::Above,
            End::UpTo => End::From,
        }
    }
}

const SIGNS: &[(&str, End)] = &[
    (">=", End::From),
    ("<=", End::UpTo),
    ("≥", End::From),
    ("≤", End::UpTo),
    (">", End::Above),
    ("<", End::Below),
];

/// What people write between the ends of a range, or after one end, in place of `..`.
const BETWEEN: &[&str] = &["-", "~", "到", "至"];
const AND_MORE: &[&str] = &["+", "以上", "及以上"];
const AND_LESS: &[&str] = &["以下", "及以下"];

/// Reads a number, a date or a range of them.
pub(crate) fn bounds<T: Scale>(value: &Value<'_>) -> Result<Bounds<T>, Fault> {
    let text = value.text;
    for (sign, end) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign) {
            return signed(value, *end, rest, sign.chars().count());
        }
    }
    let Some((low, high)) = text.split_once("..") else {
        let one = part(value, text, 0)?;
        return Ok(Bounds {
            low: one,
            high: one,
        });
    };
    if low.is_empty() && high.is_empty() {
        return Err(missing(value));
    }
    let ends = Bounds {
        low: part::<T>(value, low, 0)?,
        high: part::<T>(value, high, low.chars().count() + 2)?,
    };
    match (ends.low, ends.high) {
        (Some(from), Some(to)) if !from.leads_to(to) => Err(Fault {
            suggestion: Some(format!("{high}..{low}")),
            ..value.bad(T::WANTS, text, value.span.clone())
        }),
        _ => Ok(ends),
    }
}

fn signed<T: Scale>(
    value: &Value<'_>,
    end: End,
    rest: &str,
    skip: usize,
) -> Result<Bounds<T>, Fault> {
    let one = part::<T>(value, rest, skip)?.ok_or_else(|| missing(value))?;
    let beyond = || value.bad(T::WANTS, value.text, value.span.clone());
    let end = if one.counts_back() { end.turned() } else { end };
    let (low, high) = match end {
        End::From => (Some(one), None),
        End::UpTo => (None, Some(one)),
        End::Above => (Some(one.after().ok_or_else(beyond)?), None),
        End::Below => (None, Some(one.before().ok_or_else(beyond)?)),
    };
    Ok(Bounds { low, high })
}

/// One end of a range; none when nothing is written there.
fn part<T: Scale>(value: &Value<'_>, text: &str, skip: usize) -> Result<Option<T>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let fault = || {
        let ends = skip + text.chars().count() == value.text.chars().count();
        let meant = meant::<T>(text, text == value.text);
        let begun = meant.is_none() && T::is_begun(text);
        Fault {
            suggestion: meant.or_else(|| T::guess(text)),
            incomplete: value.last && !value.quoted && ends && begun,
            ..value.bad(T::WANTS, text, span(value, skip, text.chars().count()))
        }
    };
    T::read(text).map(Some).ok_or_else(fault)
}

/// Where characters of a value stand in the text as typed. Folding keeps their number.
fn span(value: &Value<'_>, skip: usize, count: usize) -> Span {
    if value.quoted {
        return value.span.clone();
    }
    let offset = |at: usize| {
        let mut offsets = value.raw.char_indices().map(|(offset, _)| offset);
        value.span.start + offsets.nth(at).unwrap_or(value.raw.len())
    };
    offset(skip)..offset(skip + count)
}

fn missing(value: &Value<'_>) -> Fault {
    Fault {
        span: value.span.clone(),
        kind: FaultKind::Missing,
        suggestion: None,
        incomplete: value.last && !value.quoted,
    }
}

/// What was probably meant: `5O` is 50; where the value is `whole`, `50-60` is `50..60`, and
/// `60以上` is `60..`.
fn meant<T: Scale>(found: &str, whole: bool) -> Option<String> {
    let text = spell::digits(found);
    let is_one = |text: &str| T::read(text).is_some();
    if is_one(&text) {
        return Some(text);
    }
    let between = BETWEEN.iter().find_map(|sign| {
        let (low, high) = text.split_once(sign)?;
        let ordered = T::read(low)?.leads_to(T::read(high)?);
        (whole && ordered).then(|| format!("{low}..{high}"))
    });
    let one = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let ends = |words: &[&str]| whole && words.iter().any(|word| text.ends_with(word));
    let alone = || {
        is_one(one).then(|| match (ends(AND_MORE), ends(AND_LESS)) {
            (true, _) => format!("{one}.."),
            (_, true) => format!("..{one}"),
            _ => one.to_owned(),
        })
    };
    between.or_else(alone)
}

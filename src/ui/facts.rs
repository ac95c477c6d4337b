//! A person's facts as short texts, masked as they must be.
//!
//! Invariant: identity numbers, phones and sensitive categories come out masked unless revealed.

use crate::app::question::Question;
use crate::index::Standing;
use crate::model::assertion::Status;
use crate::model::category::Kind;
use crate::model::category::Sensitivity;
use crate::model::field;
use crate::model::field::FieldNo;
use crate::model::ids::PersonId;
use crate::model::person;
use crate::model::person::Person;
use crate::ui::View;
use crate::ui::width;
use ratatui::style::Style;

/// A person's field for the eyes, masked unless revealed; empty when unknown.
pub fn value(view: &View<'_>, person: Person<'_>, number: FieldNo) -> String {
    let subject = person.id.subject();
    let (Some(field), Some(value)) = (field::of(subject.table, number), person.record.get(number))
    else {
        return String::new();
    };
    view.show(subject, field, &value)
}

/// The sex in one or two cells: 男, 女, M, F.
pub fn sex(view: &View<'_>, person: Person<'_>) -> String {
    let name = value(view, person, person::SEX);
    name.chars().take(1).flat_map(char::to_uppercase).collect()
}

/// Age in full years.
pub fn age(view: &View<'_>, person: Person<'_>) -> String {
    person
        .age(view.index.today())
        .map_or(String::new(), |age| age.to_string())
}

/// The first phone, masked.
pub fn phone(view: &View<'_>, person: Person<'_>) -> String {
    let all = value(view, person, person::PHONES);
    all.split('/').next().unwrap_or("").to_owned()
}

/// The address inside the community.
pub fn address(view: &View<'_>, person: Person<'_>) -> String {
    view.index
        .book()
        .home(person)
        .map_or(String::new(), |home| home.address().to_string())
}

/// The address as short as it needs to be: whole where it fits, else `翠湖3-2-501`.
pub fn brief_address(view: &View<'_>, person: Person<'_>, width: usize) -> String {
    let Some(home) = view.index.book().home(person) else {
        return String::new();
    };
    let address = home.address();
    let whole = address.to_string();
    if width::cells(&whole) <= width {
        return whole;
    }
    let estate = address
        .estate
        .as_deref()
        .unwrap_or("")
        .trim_end_matches("小区");
    let parts = [&address.building, &address.unit, &address.room];
    let rest: Vec<&str> = parts
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect();
    format!("{estate}{}", rest.join("-"))
}

/// Why someone is in a category or may be: what shows it, or the rule in words.
pub fn reason(view: &View<'_>, standing: &Standing) -> Option<String> {
    let category = view.index.book().category(&standing.code);
    let rule = || category?.reason(view.app.lang).map(str::to_owned);
    match standing.assertion {
        Some(_) => standing.reason.clone(),
        None => rule().or_else(|| standing.reason.clone()),
    }
}

/// A category as a tag: its text and its style.
pub type Tag = (String, Style);

/// The categories of a person: those of the question first, if there is one, then what was asserted,
/// suggestions with a question mark, and what rules compute. Sensitive ones are left out.
pub fn tags(view: &View<'_>, person: PersonId, question: Option<&Question>) -> Vec<Tag> {
    let mut standings: Vec<Standing> = view.index.standings(person);
    standings.retain(|one| one.until.is_none());
    standings.sort_by_key(|one| {
        let asked = question.is_some_and(|question| question.covers(&one.code));
        let kind = match one.kind {
            Kind::Asserted => 0,
            Kind::Suggested => 1,
            Kind::Derived => 2,
        };
        (!asked, kind)
    });
    standings.iter().filter_map(|one| tag(view, one)).collect()
}

fn tag(view: &View<'_>, standing: &Standing) -> Option<Tag> {
    let category = view.index.book().category(&standing.code)?;
    if category.sensitivity() >= Sensitivity::Sensitive {
        return None;
    }
    let name = category.name(view.app.lang);
    let text = match (standing.kind, standing.assertion) {
        (_, Some((_, Status::Declined))) => return None,
        (_, Some((_, Status::Doubtful))) | (Kind::Suggested, None) => format!("{name}?"),
        (Kind::Asserted | Kind::Derived | Kind::Suggested, _) => name.to_owned(),
    };
    Some((text, view.theme.category(category.colour())))
}

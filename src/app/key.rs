//! A key as people write it (`ctrl-z`, `F2`, `space`, `1`) and as the keyboard sends it.
//!
//! Invariant: `parse(show(key)) = key`; full-width characters count as their ASCII twins.

/// A key, with what was held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// The key itself.
    pub stroke: Stroke,
    /// Ctrl was held.
    pub ctrl: bool,
    /// Alt was held.
    pub alt: bool,
}

/// The keys that jumin knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stroke {
    /// A character, Shift already applied.
    Char(char),
    /// F1 to F12.
    F(u8),
    /// A key with a name.
    Named(Named),
}

/// Keys with names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the key of that name")]
pub enum Named {
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

/// A named key, as keys.toml writes it, and as the footer shows it: short, and narrow everywhere.
const NAMES: [(Named, &str, &str); 15] = [
    (Named::Enter, "enter", "Enter"),
    (Named::Esc, "esc", "Esc"),
    (Named::Tab, "tab", "Tab"),
    (Named::BackTab, "shift-tab", "S-Tab"),
    (Named::Backspace, "backspace", "Bksp"),
    (Named::Delete, "delete", "Del"),
    (Named::Insert, "insert", "Ins"),
    (Named::Up, "up", "Up"),
    (Named::Down, "down", "Dn"),
    (Named::Left, "left", "Lt"),
    (Named::Right, "right", "Rt"),
    (Named::Home, "home", "Home"),
    (Named::End, "end", "End"),
    (Named::PageUp, "pageup", "PgUp"),
    (Named::PageDown, "pagedown", "PgDn"),
];

impl Key {
    /// A plain key.
    pub fn plain(stroke: Stroke) -> Key {
        Key {
            stroke,
            ctrl: false,
            alt: false,
        }
    }

    /// A plain character.
    pub fn char(c: char) -> Key {
        Key::plain(Stroke::Char(c))
    }

    /// A plain named key.
    pub fn named(named: Named) -> Key {
        Key::plain(Stroke::Named(named))
    }

    /// Reads `ctrl-z`, `F2`, `space`, `1`, `shift-tab`.
    pub fn parse(text: &str) -> Option<Key> {
        let mut rest = text.trim();
        let (mut ctrl, mut alt) = (false, false);
        loop {
            if let Some(tail) = rest.strip_prefix("ctrl-").filter(|tail| !tail.is_empty()) {
                (ctrl, rest) = (true, tail);
            } else if let Some(tail) = rest.strip_prefix("alt-").filter(|tail| !tail.is_empty()) {
                (alt, rest) = (true, tail);
            } else {
                break;
            }
        }
        let named = NAMES
            .iter()
            .find(|(_, name, _)| *name == rest)
            .map(|(named, ..)| *named);
        let number = rest
            .strip_prefix('F')
            .and_then(|number| number.parse::<u8>().ok());
        let mut chars = rest.chars();
        let stroke = match (named, number, chars.next(), chars.next()) {
            (Some(named), ..) => Stroke::Named(named),
            (_, Some(number @ 1..=12), ..) => Stroke::F(number),
            _ if rest == "space" => Stroke::Char(' '),
            (_, _, Some(c), None) => Stroke::Char(c),
            _ => return None,
        };
        Some(Key { stroke, ctrl, alt })
    }

    /// The key as keys.toml writes it.
    pub fn show(self) -> String {
        let stroke = match self.stroke {
            Stroke::Char(' ') => "space".into(),
            Stroke::Char(c) => c.to_string(),
            Stroke::F(number) => format!("F{number}"),
            Stroke::Named(named) => names(named).0.into(),
        };
        let held = |held: bool, prefix| if held { prefix } else { "" };
        format!(
            "{}{}{stroke}",
            held(self.ctrl, "ctrl-"),
            held(self.alt, "alt-")
        )
    }

    /// The key as the footer shows it.
    pub fn brief(self) -> String {
        let stroke = match self.stroke {
            Stroke::Char(' ') => "Space".into(),
            Stroke::Char(c) if self.ctrl => c.to_ascii_uppercase().to_string(),
            Stroke::Char(c) => c.to_string(),
            Stroke::F(number) => format!("F{number}"),
            Stroke::Named(named) => names(named).1.into(),
        };
        let held = |held: bool, prefix| if held { prefix } else { "" };
        format!("{}{}{stroke}", held(self.ctrl, "^"), held(self.alt, "M-"))
    }

    /// The key with a full-width character folded to ASCII, for when no text is being typed.
    #[must_use]
    pub fn folded(self) -> Key {
        let stroke = match self.stroke {
            Stroke::Char(c) => Stroke::Char(fold(c)),
            Stroke::F(_) | Stroke::Named(_) => self.stroke,
        };
        Key { stroke, ..self }
    }

    /// The character that a text field would take.
    pub fn typed(self) -> Option<char> {
        // An escape that arrives together with the first hanzi of an input method reads as Alt.
        let held = self.ctrl || self.alt;
        match self.stroke {
            Stroke::Char(c) if !c.is_control() && (!held || !c.is_ascii()) => Some(c),
            Stroke::Char(_) | Stroke::F(_) | Stroke::Named(_) => None,
        }
    }
}

fn names(named: Named) -> (&'static str, &'static str) {
    NAMES
        .iter()
        .find(|(one, ..)| *one == named)
        .map_or(("", ""), |(_, name, brief)| (name, brief))
}

/// The ASCII twin of a full-width character or of an input method's punctuation.
fn fold(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '。' => '.',
        '、' => '/',
        '“' | '”' => '"',
        '！'..='～' => char::from_u32(c as u32 - '！' as u32 + '!' as u32).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn keys_are_read_as_they_are_shown() {
        for text in [
            "ctrl-z",
            "F2",
            "space",
            "1",
            "shift-tab",
            "/",
            "-",
            "ctrl--",
            "pagedown",
        ] {
            assert_eq!(Key::parse(text).map(Key::show).as_deref(), Some(text));
        }
        for text in ["", "ctrl-", "F13", "nokey"] {
            assert_eq!(Key::parse(text), None, "{text}");
        }
        assert_eq!(Key::char('１').folded(), Key::char('1'));
        assert_eq!(Key::char('、').folded(), Key::char('/'));
    }
}

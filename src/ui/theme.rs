//! Colours. Without them (`NO_COLOR`) reverse, bold and underline still tell everything apart.
//!
//! Invariant: a theme without colours sets no foreground and no background at all.

use ratatui::style::Color;
use ratatui::style::Modifier;
use ratatui::style::Style;

/// The colours of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// With the terminal's own sixteen colours.
    Colours,
    /// Without any.
    Plain,
}

/// What a piece of text is, for its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Plain text.
    Text,
    /// A title.
    Title,
    /// Something secondary.
    Dim,
    /// The row under the cursor while its part has the keys.
    Cursor,
    /// The row under the cursor while another part has the keys.
    Rest,
    /// A mark, a count.
    Accent,
    /// A key in the footer.
    Key,
    /// How a word was understood.
    Chip,
    /// Done.
    Good,
    /// Mind this.
    Warn,
    /// Wrong.
    Bad,
}

impl Theme {
    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        let style = match role {
            Role::Text => plain,
            Role::Dim => plain.fg(Color::DarkGray),
            Role::Title => plain.fg(Color::Cyan).add_modifier(Modifier::BOLD),
            Role::Cursor => plain.add_modifier(Modifier::REVERSED),
            Role::Rest => plain.add_modifier(Modifier::UNDERLINED),
            Role::Accent => plain.fg(Color::Yellow).add_modifier(Modifier::BOLD),
            Role::Key => plain.fg(Color::Green).add_modifier(Modifier::BOLD),
            Role::Chip => plain.fg(Color::Cyan),
            Role::Good => plain.fg(Color::Green),
            Role::Warn => plain.fg(Color::Yellow),
            Role::Bad => plain.fg(Color::Red).add_modifier(Modifier::BOLD),
        };
        self.fit(style)
    }

    /// The style of a category's colour, by its name in the taxonomy.
    pub fn category(self, colour: Option<&str>) -> Style {
        let words = colour.unwrap_or("white").split(' ');
        let style = words.fold(Style::new(), |style, word| match word {
            "red" => style.fg(Color::Red),
            "green" => style.fg(Color::Green),
            "yellow" => style.fg(Color::Yellow),
            "blue" => style.fg(Color::Blue),
            "magenta" => style.fg(Color::Magenta),
            "cyan" => style.fg(Color::Cyan),
            "bold" => style.add_modifier(Modifier::BOLD),
            "dim" => style.add_modifier(Modifier::DIM),
            _ => style,
        });
        self.fit(style)
    }

    fn fit(self, style: Style) -> Style {
        match self {
            Theme::Colours => style,
            Theme::Plain => Style {
                fg: None,
                bg: None,
                ..style
            },
        }
    }
}

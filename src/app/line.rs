//! A line of text being typed.
//!
//! Invariant: holds no line break and nothing that a terminal obeys or nobody sees.

use crate::app::key::Key;
use crate::app::key::Named;
use crate::app::key::Stroke;
use crate::model::clean;
use tui_input::Input;
use tui_input::InputRequest;

/// A line of text with its caret.
#[derive(Debug, Clone, Default)]
pub struct Line {
    input: Input,
}

impl Line {
    /// A line with the caret at its end.
    pub fn new(text: &str) -> Line {
        Line {
            input: Input::new(text.to_owned()),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// The caret as a byte offset.
    pub fn caret(&self) -> usize {
        let before: String = self.text().chars().take(self.input.cursor()).collect();
        before.len()
    }

    /// The caret in cells from the start of the text.
    pub fn cells(&self) -> usize {
        self.input.visual_cursor()
    }

    /// How many cells to leave out on the left so that the caret is inside a width.
    pub fn scroll(&self, width: usize) -> usize {
        self.input.visual_scroll(width)
    }

    /// Takes an editing key; says whether the text changed.
    pub fn edit(&mut self, key: Key) -> bool {
        let request = match (key.typed(), key.stroke) {
            (Some(c), _) if clean::is_unseen(c) => return false,
            (Some(c), _) => InputRequest::InsertChar(c),
            (None, Stroke::Named(named)) => match named {
                Named::Backspace => InputRequest::DeletePrevChar,
                Named::Delete => InputRequest::DeleteNextChar,
                Named::Left => InputRequest::GoToPrevChar,
                Named::Right => InputRequest::GoToNextChar,
                Named::Home => InputRequest::GoToStart,
                Named::End => InputRequest::GoToEnd,
                Named::Enter
                | Named::Esc
                | Named::Tab
                | Named::BackTab
                | Named::Insert
                | Named::Up
                | Named::Down
                | Named::PageUp
                | Named::PageDown => return false,
            },
            (None, Stroke::Char('w')) if key.ctrl => InputRequest::DeletePrevWord,
            (None, Stroke::Char('u')) if key.ctrl => InputRequest::DeleteFromStart,
            (None, Stroke::Char(_) | Stroke::F(_)) => return false,
        };
        self.input
            .handle(request)
            .is_some_and(|changed| changed.value)
    }

    /// Puts pasted text in at the caret: its first line, cleaned.
    pub fn paste(&mut self, text: &str) {
        let first = text.trim_start().lines().next().unwrap_or("");
        for c in clean::line(first).chars() {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// Replaces bytes of the text and puts the caret behind the replacement.
    pub fn replace(&mut self, span: std::ops::Range<usize>, with: &str) {
        let text = self.text();
        let (Some(head), Some(tail)) = (text.get(..span.start), text.get(span.end..)) else {
            return;
        };
        let caret = head.chars().count() + with.chars().count();
        self.input = Input::new(format!("{head}{with}{tail}")).with_cursor(caret);
    }
}

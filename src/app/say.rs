//! What a screen has to say: a key of the words, what fills it, and how it is meant.
//!
//! Invariant: no words in any language here.

/// A message to be worded: its key in `data/words/` and what fills it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    /// The key.
    pub key: &'static str,
    /// What fills it.
    pub args: Vec<(&'static str, String)>,
}

impl Say {
    /// A message without arguments.
    pub fn plain(key: &'static str) -> Say {
        Say {
            key,
            args: Vec::new(),
        }
    }

    /// A message with arguments.
    pub fn with<const N: usize>(key: &'static str, args: [(&'static str, String); N]) -> Say {
        Say {
            key,
            args: args.into(),
        }
    }
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Done.
    Good,
    /// Mind this.
    Warn,
    /// Not done.
    Bad,
}

/// What the notice line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What.
    pub say: Say,
    /// Whether the undo key takes it back.
    pub undo: bool,
}

impl Notice {
    /// A notice without an undo.
    pub fn new(tone: Tone, say: Say) -> Notice {
        Notice {
            tone,
            say,
            undo: false,
        }
    }
}

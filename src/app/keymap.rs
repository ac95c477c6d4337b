//! Keys to actions, by scope, from `data/keys.toml` and the user's own file.
//!
//! Invariant: a file with a fault changes nothing that it does not name; every fault is reported
//! with its place.

use crate::app::action::ACTIONS;
use crate::app::action::Action;
use crate::app::action::SCOPES;
use crate::app::action::Scope;
use crate::app::key::Key;
use crate::app::key::Stroke;

/// The default keys.
const DEFAULTS: &str = include_str!("../../data/keys.toml");

/// Which key does what, where.
#[derive(Debug, Clone)]
pub struct Keymap {
    bindings: Vec<(Scope, Key, Action)>,
}

/// What is wrong with a user's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFault {
    /// The file is not TOML: what the reader said.
    Syntax(String),
    /// No such scope.
    Scope(String),
    /// No such key: scope and key.
    Key(String, String),
    /// No such action there: scope, key, action.
    Action(String, String, String),
    /// Two spellings of one key in one scope: scope, key, the action that lost.
    Conflict(String, String, String),
}

impl KeyFault {
    /// The key of the words that tell it, and what fills them.
    pub fn say(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            KeyFault::Syntax(what) => ("keys-syntax", vec![("what", what.clone())]),
            KeyFault::Scope(scope) => ("keys-scope", vec![("scope", scope.clone())]),
            KeyFault::Key(scope, key) => (
                "keys-key",
                vec![("scope", scope.clone()), ("key", key.clone())],
            ),
            KeyFault::Action(scope, key, action) => (
                "keys-action",
                vec![
                    ("scope", scope.clone()),
                    ("key", key.clone()),
                    ("action", action.clone()),
                ],
            ),
            KeyFault::Conflict(scope, key, action) => (
                "keys-conflict",
                vec![
                    ("scope", scope.clone()),
                    ("key", key.clone()),
                    ("action", action.clone()),
                ],
            ),
        }
    }
}

impl Default for Keymap {
    fn default() -> Keymap {
        Keymap::read(DEFAULTS).0
    }
}

impl Keymap {
    /// The default keys with a user's file over them, and what is wrong with that file.
    pub fn with(text: &str) -> (Keymap, Vec<KeyFault>) {
        let (own, faults) = Keymap::read(text);
        let mut map = Keymap::default();
        map.bindings
            .retain(|(scope, key, _)| own.at(*scope, *key).is_none());
        map.bindings.extend(own.bindings);
        (map, faults)
    }

    /// Reads a file of keys.
    pub fn read(text: &str) -> (Keymap, Vec<KeyFault>) {
        let mut map = Keymap {
            bindings: Vec::new(),
        };
        let mut faults = Vec::new();
        let table = match text.parse::<toml::Table>() {
            Ok(table) => table,
            Err(error) => return (map, vec![KeyFault::Syntax(error.to_string())]),
        };
        for (name, keys) in &table {
            let scope = SCOPES
                .iter()
                .find(|(_, one)| one == name)
                .map(|(scope, _)| *scope);
            let (Some(scope), Some(keys)) = (scope, keys.as_table()) else {
                faults.push(KeyFault::Scope(name.clone()));
                continue;
            };
            for (key, action) in keys {
                if let Err(fault) = map.bind(scope, name, key, action.as_str().unwrap_or("")) {
                    faults.push(fault);
                }
            }
        }
        (map, faults)
    }

    fn bind(&mut self, scope: Scope, place: &str, key: &str, name: &str) -> Result<(), KeyFault> {
        let own = || (place.to_owned(), key.to_owned());
        let Some(parsed) = Key::parse(key) else {
            let (scope, key) = own();
            return Err(KeyFault::Key(scope, key));
        };
        let deed = ACTIONS.iter().find(|deed| {
            let scopes = deed.scopes;
            deed.name == name && (scopes.contains(&scope) || scopes.contains(&Scope::Anywhere))
        });
        let Some(deed) = deed else {
            let (scope, key) = own();
            return Err(KeyFault::Action(scope, key, name.to_owned()));
        };
        if self.at(scope, parsed).is_some() {
            let (scope, key) = own();
            return Err(KeyFault::Conflict(scope, key, name.to_owned()));
        }
        self.bindings.push((scope, parsed, deed.action));
        Ok(())
    }

    fn at(&self, scope: Scope, key: Key) -> Option<Action> {
        let bound = |(one, at, _): &&(Scope, Key, Action)| *one == scope && *at == key;
        self.bindings.iter().find(bound).map(|(.., action)| *action)
    }

    /// What a key does in a scope, or else anywhere.
    pub fn action(&self, scope: Scope, key: Key) -> Option<Action> {
        self.at(scope, key)
            .or_else(|| self.at(Scope::Anywhere, key))
    }

    /// The keys of an action in a scope, and those for it anywhere: the ones that work with the
    /// input method on come first, letters last.
    pub fn keys(&self, scope: Scope, action: Action) -> Vec<Key> {
        let of = |scope| {
            let bound = self
                .bindings
                .iter()
                .filter(move |(s, _, a)| *s == scope && *a == action);
            bound.map(|(_, key, _)| *key).collect::<Vec<_>>()
        };
        let mut keys = of(scope);
        if scope != Scope::Anywhere {
            keys.extend(of(Scope::Anywhere));
        }
        keys.sort_by_key(|key| match key.stroke {
            Stroke::F(_) | Stroke::Named(_) => 0,
            Stroke::Char(c) if c == ' ' || c.is_ascii_digit() => 0,
            Stroke::Char(_) if key.ctrl || key.alt => 1,
            Stroke::Char(c) if c.is_ascii_punctuation() => 1,
            Stroke::Char(_) => 2,
        });
        keys
    }
}

//! The keymap: every default key resolves, every action has a key or stands in the palette, and a
//! user's file with faults is told off without being ignored.

use jumin::app::action::ACTIONS;
use jumin::app::action::Action;
use jumin::app::action::SCOPES;
use jumin::app::action::Scope;
use jumin::app::key::Key;
use jumin::app::keymap::KeyFault;
use jumin::app::keymap::Keymap;
use jumin::model::Lang;
use jumin::words::Words;

#[test]
fn the_default_keys_have_no_fault() {
    let (_, faults) = Keymap::read(include_str!("../../data/keys.toml"));
    assert_eq!(faults, []);
}

#[test]
fn every_action_has_a_key_in_each_of_its_scopes() {
    let map = Keymap::default();
    for deed in ACTIONS {
        for scope in deed.scopes {
            let keys = map.keys(*scope, deed.action);
            assert!(!keys.is_empty(), "{} has no key in {scope:?}", deed.name);
        }
        assert!(!deed.zh.is_empty() && !deed.en.is_empty(), "{}", deed.name);
    }
}

#[test]
fn no_hot_verb_needs_a_letter() {
    let map = Keymap::default();
    for (scope, name) in SCOPES {
        for deed in ACTIONS.iter().filter(|deed| deed.scopes.contains(&scope)) {
            let plain = |key: &Key| {
                !key.show()
                    .chars()
                    .all(|c| c.is_ascii_lowercase() && key.show().len() == 1)
            };
            assert!(
                map.keys(scope, deed.action).iter().any(plain),
                "{} in {name}",
                deed.name
            );
        }
    }
}

#[test]
fn every_footer_word_is_said() {
    for lang in [Lang::Zh, Lang::En] {
        let words = Words::new(lang);
        for hint in [
            "accept",
            "undo",
            "help",
            "quit",
            "digit",
            "mark",
            "search",
            "sort-queue",
        ] {
            assert!(words.has(&format!("hint-{hint}")), "{hint}");
        }
    }
}

#[test]
fn a_users_file_overrides_and_its_faults_are_named() {
    let (map, faults) = Keymap::with(
        "[table]\nF2 = \"mark\"\nF99 = \"mark\"\nx = \"fly\"\n[nowhere]\na = \"mark\"\n",
    );
    let key = |text: &str| Key::parse(text).unwrap();
    assert_eq!(map.action(Scope::Table, key("F2")), Some(Action::Mark));
    assert_eq!(map.action(Scope::Table, key("space")), Some(Action::Mark));
    assert_eq!(map.action(Scope::Bar, key("F2")), Some(Action::SortQueue));
    assert_eq!(
        faults,
        [
            KeyFault::Key("table".into(), "F99".into()),
            KeyFault::Action("table".into(), "x".into(), "fly".into()),
            KeyFault::Scope("nowhere".into()),
        ]
    );
    let (map, faults) = Keymap::with("[table\n");
    assert!(matches!(faults.as_slice(), [KeyFault::Syntax(_)]));
    assert_eq!(map.action(Scope::Anywhere, key("F1")), Some(Action::Help));
}

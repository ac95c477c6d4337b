//! Both languages say the same things with the same arguments.

use jumin::words::SOURCES;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// The messages of a source, each with the names of its arguments.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line
            .split_once(" = ")
            .filter(|_| !line.starts_with([' ', '[']))
        {
            current = key.to_owned();
            assert!(
                all.insert(current.clone(), BTreeSet::new()).is_none(),
                "{current} is said twice"
            );
        }
        for piece in line.split("{ $").skip(1) {
            let name: String = piece
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            all.get_mut(&current).unwrap().insert(name);
        }
    }
    all
}

#[test]
fn both_languages_say_the_same() {
    let [(_, _, zh), (_, _, en)] = SOURCES;
    let (zh, en) = (messages(zh), messages(en));
    assert!(!zh.is_empty());
    for (key, args) in &zh {
        assert_eq!(
            Some(args),
            en.get(key),
            "{key} differs between the languages"
        );
    }
    for key in en.keys() {
        assert!(zh.contains_key(key), "{key} is missing in Chinese");
    }
    for (_, name, source) in SOURCES {
        let parsed = fluent_bundle::FluentResource::try_new(source.to_owned());
        assert!(
            parsed.is_ok(),
            "{name}.ftl: {:?}",
            parsed.err().map(|(_, faults)| faults)
        );
    }
}

//! Both languages say the same things with the same arguments.

use jumin::model::Lang;
use jumin::store::Reason;
use jumin::term::perform::reason;
use jumin::words::SOURCES;
use jumin::words::Words;
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

/// One of each reason that the store can give.
fn reasons() -> Vec<Reason> {
    let path = std::path::PathBuf::from("/p");
    vec![
        Reason::Missing,
        Reason::Silent,
        Reason::GivenUp,
        Reason::Unclosed,
        Reason::Unmarked,
        Reason::Unfinished("f".into()),
        Reason::Closed,
        Reason::Panicked("w".into()),
        Reason::Behind { at: 3, journal: 5 },
        Reason::Fields {
            holds: 3,
            journal: 5,
        },
        Reason::Digest,
        Reason::Journal,
        Reason::Commits {
            commits: "3-5".into(),
            file: path.clone(),
        },
        Reason::Last,
        Reason::Sum,
        Reason::Commit(3),
        Reason::Awaited {
            number: 3,
            awaited: 5,
        },
        Reason::Checkpoint(4, Box::new(Reason::Digest)),
        Reason::Foreign,
        Reason::Elsewhere,
        Reason::Half,
        Reason::Older(path),
        Reason::Disagrees,
        Reason::Record("r".into()),
        Reason::People {
            finds: 3,
            journal: 5,
        },
        Reason::Category {
            code: "E6".into(),
            counts: 3,
            journal: 5,
        },
        Reason::Unreadable("w".into()),
        Reason::Said("w".into()),
    ]
}

#[test]
fn every_reason_of_the_store_is_said_in_both_languages() {
    let [(_, _, zh), _] = SOURCES;
    let keys = messages(zh);
    let mut left: BTreeSet<&str> = keys.keys().map(String::as_str).collect();
    left.retain(|key| key.starts_with("why-"));
    for why in reasons() {
        let (key, args) = why.say();
        left.remove(key);
        let names: BTreeSet<String> = args.iter().map(|(name, _)| (*name).to_owned()).collect();
        let wanted = keys.get(key).unwrap_or_else(|| panic!("{key} is not said"));
        let filled = names
            .into_iter()
            .chain(why.within().map(|_| "why".to_owned()));
        assert_eq!(&filled.collect::<BTreeSet<_>>(), wanted, "{key}");
    }
    assert_eq!(left, BTreeSet::new(), "no reason says these");
    let within = Reason::Checkpoint(4, Box::new(Reason::Digest));
    let said = reason(&within, &Words::new(Lang::Zh));
    assert!(
        said.contains("提交 4") && said.contains("内容与日志不同"),
        "{said}"
    );
}

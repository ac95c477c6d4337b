//! Nothing that anybody typed stands readable in the folder of a sealed register, open, killed or
//! closed, nor in its backups; the same search finds all of it in an open one.

use crate::store::SEALING;
use crate::store::START;
use crate::store::commit;
use crate::store::copy;
use crate::store::create;
use crate::store::key;
use crate::store::open_with_checkpoints;
use jumin::model::change::Act;
use jumin::model::draft::Draft;
use jumin::model::field;
use jumin::model::ids::Mint;
use jumin::model::ids::Subject;
use jumin::model::ids::Table;
use jumin::model::person;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use jumin::store::backup;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How many sentinels there are of each kind.
const EACH: usize = 10;

/// Texts that occur nowhere else: names, identity numbers, phones, notes, words of the desk.
fn sentinels() -> Vec<String> {
    let characters: Vec<char> = "翊珩霁澍鞅蕤邈彧旻濯".chars().collect();
    let text = |head: &str, n: usize| format!("{head}{}{}", characters[n], characters[9 - n]);
    let kinds: [fn(usize) -> Option<String>; 2] = [
        |n| Some(format!("33990119{:02}0101{:03}7", 30 + n, 500 + n)),
        |n| Some(format!("154{:08}", 71_930_000 + n * 37)),
    ];
    let numbers = kinds.iter().flat_map(|kind| (0..EACH).filter_map(kind));
    let words = ["欧阳", "备忘", "半截"]
        .into_iter()
        .flat_map(|head| (0..EACH).map(move |n| (head, n)))
        .map(|(head, n)| text(head, n));
    numbers.chain(words).collect()
}

/// A register that holds them all: in people, a view's and a setting's id, a worker, a file's name,
/// the desk's drafts; opened twice, with checkpoints and a snapshot. A copy is made as a kill would
/// leave it, and a backup.
fn fill(dir: &Path, killed: &Path, away: &Path) {
    let all = sentinels();
    drop(create(dir));
    for session in 0..2 {
        let opened = open_with_checkpoints(dir, 1);
        let (mut store, book) = (opened.store, opened.book);
        let mut mint = Mint::new(900 + session, session);
        let mut draft = Draft::new(&book);
        for n in 0..EACH {
            let who = mint.person().subject();
            draft.set(who, person::ID_NO, Some(Value::IdNumber(all[n].clone())));
            let phone = Phone {
                number: all[EACH + n].clone(),
                label: None,
            };
            draft.set(who, person::PHONES, Some(Value::Phones(vec![phone])));
            draft.set(
                who,
                person::NAME,
                Some(Value::Text(all[2 * EACH + n].clone())),
            );
            draft.set(
                who,
                person::NOTE,
                Some(Value::Text(all[3 * EACH + n].clone())),
            );
            for table in [Table::View, Table::Setting] {
                let spelled = Subject::spelled(table, &all[2 * EACH + n]);
                draft.set(
                    spelled,
                    field::SETTING_TEXT,
                    Some(Value::Flag(session == 0)),
                );
            }
        }
        let mut next = commit(&store, draft.finish());
        next.worker.clone_from(&all[2 * EACH]);
        next.act = Act::Import {
            file: format!("{}.xlsx", all[2 * EACH + 1]),
            new: 10,
            updated: 0,
        };
        store.append(&next).unwrap();
        for half in &all[4 * EACH..] {
            store.keep(half, half.as_bytes()).unwrap();
        }
        store.lay_by(1, |pen| pen.part(&all)).unwrap();
        assert!(store.check().iter().all(|one| one.fault.is_none()));
        if session == 1 {
            copy(dir, killed);
        }
    }
    fs::create_dir(away).unwrap();
    let usual = backup::usual(dir).unwrap();
    backup::write(dir, key(dir).as_ref(), &away.join("backup"), &usual, START).unwrap();
}

/// The sentinels that stand in a folder, in any encoding, in a file or in a name.
pub fn found(dir: &Path, sentinels: &[String]) -> BTreeSet<String> {
    let mut there = BTreeSet::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            there.extend(found(&path, sentinels));
            continue;
        }
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_slice(path.to_string_lossy().as_bytes());
        for sentinel in sentinels {
            let wide: Vec<u16> = sentinel.encode_utf16().collect();
            let (gb, _, _) = encoding_rs::GB18030.encode(sentinel);
            let encoded = [
                sentinel.as_bytes().to_vec(),
                wide.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
                wide.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
                gb.into_owned(),
            ];
            if encoded
                .iter()
                .any(|one| memchr::memmem::find(&bytes, one).is_some())
            {
                there.insert(sentinel.clone());
            }
        }
    }
    there
}

#[test]
fn nothing_stands_readable_in_a_sealed_register() {
    let all = sentinels();
    assert_eq!(all.len(), 50);
    for is_sealed in [false, true] {
        SEALING.set(is_sealed);
        let temp = tempfile::tempdir().unwrap();
        let [dir, killed, away] = ["register", "killed", "away"].map(|name| temp.path().join(name));
        fill(&dir, &killed, &away);
        // What is half typed stays on its desk.
        for (folder, plain) in [(&dir, 50), (&killed, 50), (&away, 40)] {
            let want = if is_sealed { 0 } else { plain };
            let there = found(folder, &all);
            assert_eq!(there.len(), want, "{}: {there:?}", folder.display());
        }
    }
}

//! Backups: whole, sealed to the recovery key, opened by any age tool, restored to the same marks;
//! and every way in which one can be wrong.

use crate::store::PASSPHRASE;
use crate::store::SEALING;
use crate::store::START;
use crate::store::assert_clean;
use crate::store::create;
use crate::store::founder;
use crate::store::history;
use crate::store::key;
use crate::store::newcomers;
use crate::store::now;
use crate::store::open;
use crate::store::segments;
use age::x25519::Identity;
use jumin::model::Lang;
use jumin::model::book::Book;
use jumin::model::change::Commit;
use jumin::model::ids::Mint;
use jumin::model::ids::ReplicaId;
use jumin::model::removal::Removals;
use jumin::store::Settings;
use jumin::store::Store;
use jumin::store::StoreError;
use jumin::store::backup;
use jumin::store::backup::Wrap;
use jumin::store::backup::restore;
use jumin::store::backup::restore::Restored;
use jumin::store::backup::restore::Target;
use jumin::store::backup::shelf;
use jumin::store::keys;
use jumin::store::vault::Holder;
use jumin::store::vault::slot::Grant;
use jumin::words::Words;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn replica(seed: u64) -> ReplicaId {
    ReplicaId(Mint::new(START, seed).uuid())
}

/// A sealed register of some commits, one of them so large that it takes several lines, and its
/// recovery key.
fn sealed(dir: &Path) -> SecretString {
    let (mut store, paper) = Store::create_sealed(dir, replica(7), &founder()).unwrap();
    for people in [3, 1_700, 0, 1] {
        let next = newcomers(&store, people);
        store.append(&next).unwrap();
    }
    paper
}

fn everyone(book: &Book) -> Vec<String> {
    let mut all: Vec<_> = book.records().map(|one| format!("{one:?}")).collect();
    all.sort_unstable();
    all
}

/// What a register holds, opened with its key.
fn content(dir: &Path, key: Option<jumin::store::vault::Key>) -> (Vec<Commit>, Vec<String>) {
    let settings = Settings {
        key,
        ..Settings::default()
    };
    let mut opened = Store::open_with(dir, &settings, &mut |_| {}).unwrap();
    assert_eq!(opened.notices, []);
    assert_clean(&opened.store.check());
    (history(&opened.store), everyone(&opened.book))
}

fn said(error: &StoreError) -> &'static str {
    match error {
        StoreError::Backup(fault) => fault.say().0,
        StoreError::Key(fault) => fault.say().0,
        other => panic!("{other}"),
    }
}

fn restored(
    path: &Path,
    paper: Option<&SecretString>,
    dir: &Path,
    founder: Option<&Grant>,
) -> Result<Restored, &'static str> {
    let target = Target {
        dir,
        replica: replica(8),
        founder,
        removals: &Removals::new(),
    };
    restore::restore(path, paper, &target).map_err(|error| said(&error))
}

fn newcomer() -> Grant {
    Grant {
        name: "赵敏".into(),
        passphrase: secret("a newcomer's passphrase"),
        ..founder()
    }
}

#[test]
fn a_sealed_register_is_backed_up_and_restored_whole() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    let paper = sealed(&dir);
    let file = temp.path().join("one.age");
    let receipt = backup::write(&dir, key(&dir).as_ref(), &file, &Wrap::Recovery, START).unwrap();
    assert_eq!((receipt.commits, receipt.sealed), (4, true));
    assert!(backup::is_sealed(&file).unwrap());
    // Any age tool opens it with the sheet, and finds lines that explain themselves.
    let identity: Identity = paper.expose_secret().parse().unwrap();
    let plain = age::decrypt(&identity, &fs::read(&file).unwrap()).unwrap();
    let lines: Vec<serde_json::Value> = plain
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(lines[0]["backup"]["version"], 1);
    assert_eq!(lines[0]["backup"]["fields"]["Person"]["1"], "name 姓名");
    assert_eq!(lines[1]["commit"]["worker"], "王芳");
    assert_eq!(lines[2]["changes"][0]["new"]["Text"], "居民1之0");
    // 1 + (1 + 1) + (1 + 4) + 1 + (1 + 1) + 1
    assert_eq!(lines.len(), 12);
    assert_eq!(lines[11]["end"]["commits"], 4);
    assert_eq!(lines[11]["end"]["changes"], 2 * 1_704);
    // Restored, it is the same, and opens with a newcomer's passphrase and with the same sheet.
    let into = temp.path().join("restored");
    let again = restored(&file, Some(&paper), &into, Some(&newcomer())).unwrap();
    assert_eq!(again.people, 1_704);
    assert!(again.paper.is_none());
    assert_eq!(content(&into, again.key), content(&dir, key(&dir)));
    let own = keys::unlock(&into, "赵敏", &secret("a newcomer's passphrase")).unwrap();
    assert!(matches!(own.holder(), Holder::Worker { name, .. } if name == "赵敏"));
    assert!(keys::unlock(&into, "赵敏", &paper).is_ok());
    assert!(keys::unlock(&into, "王芳", &secret(PASSPHRASE)).is_err());
    assert_eq!(
        keys::register(&into).unwrap(),
        keys::register(&dir).unwrap()
    );
    // Saving goes on from there.
    let settings = Settings {
        key: Some(own),
        ..Settings::default()
    };
    let mut opened = Store::open_with(&into, &settings, &mut |_| {}).unwrap();
    assert_ne!(opened.store.replica(), open(&dir).store.replica());
    let next = newcomers(&opened.store, 1);
    opened.store.append(&next).unwrap();
    assert_eq!(next.number, 5);
}

#[test]
fn an_open_register_is_backed_up_as_plain_lines_or_to_whom_one_says() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    let mut store = create(&dir);
    let next = newcomers(&store, 5);
    store.append(&next).unwrap();
    // The register may be open meanwhile.
    let file = temp.path().join("one.jsonl");
    let usual = backup::usual(&dir).unwrap();
    let receipt = backup::write(&dir, None, &file, &usual, START).unwrap();
    drop(store);
    assert!(!receipt.sealed && !backup::is_sealed(&file).unwrap());
    assert!(fs::read_to_string(&file).unwrap().contains("居民1之0"));
    let want = content(&dir, None);
    let open_again = temp.path().join("open");
    let again = restored(&file, None, &open_again, None).unwrap();
    assert!(again.key.is_none() && again.paper.is_none());
    assert_eq!(content(&open_again, None), want);
    let sealed_now = temp.path().join("sealed");
    let again = restored(&file, None, &sealed_now, Some(&newcomer())).unwrap();
    let paper = again.paper.unwrap();
    assert_eq!(content(&sealed_now, again.key), want);
    assert!(keys::unlock(&sealed_now, "", &paper).is_ok());
    // To somebody else's key.
    let theirs = Identity::generate();
    let to = theirs.to_public().to_string();
    let other = temp.path().join("other.age");
    backup::write(&dir, None, &other, &Wrap::To(to), START).unwrap();
    let look = restore::look(&other, Some(&theirs.to_string())).unwrap();
    assert_eq!(look.commits, 1);
    let wrong = backup::write(
        &dir,
        None,
        &temp.path().join("x"),
        &Wrap::To("age1".into()),
        START,
    );
    assert_eq!(said(&wrong.unwrap_err()), "backup-recipient");
    let there = backup::write(&dir, None, &file, &usual, START).unwrap_err();
    assert_eq!(said(&there), "backup-exists");
}

#[test]
fn what_an_age_tool_sealed_again_is_restored() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    let paper = sealed(&dir);
    let file = temp.path().join("one.age");
    backup::write(&dir, key(&dir).as_ref(), &file, &Wrap::Recovery, START).unwrap();
    let identity: Identity = paper.expose_secret().parse().unwrap();
    let plain = age::decrypt(&identity, &fs::read(&file).unwrap()).unwrap();
    let other = Identity::generate();
    fs::write(&file, age::encrypt(&other.to_public(), &plain).unwrap()).unwrap();
    assert_eq!(
        restore::look(&file, Some(&other.to_string()))
            .unwrap()
            .commits,
        4
    );
    let strange = restore::look(&file, Some(&paper)).unwrap_err();
    assert_eq!(said(&strange), "backup-other-key");
    fs::write(&file, &plain).unwrap();
    assert_eq!(restore::look(&file, None).unwrap().commits, 4);
}

/// The bytes of a line, found by a part of it.
fn line<'b>(bytes: &'b [u8], part: &str) -> (usize, &'b [u8]) {
    let at = memchr::memmem::find(bytes, part.as_bytes()).unwrap();
    let start = bytes[..at].iter().rposition(|byte| *byte == b'\n');
    let start = start.map_or(0, |start| start + 1);
    let end = bytes[at..].iter().position(|byte| *byte == b'\n').unwrap() + at + 1;
    (start, &bytes[start..end])
}

fn remove(bytes: &mut Vec<u8>, part: &str) {
    let (start, found) = line(bytes, part);
    let end = start + found.len();
    bytes.drain(start..end);
}

fn replace(bytes: &mut Vec<u8>, what: &str, with: &str) {
    let at = memchr::memmem::find(bytes, what.as_bytes()).unwrap();
    bytes.splice(at..at + what.len(), with.bytes());
}

/// Writes the checksum anew, so that something else has to see what was altered.
fn sum_up(bytes: &mut Vec<u8>) {
    use sha2::Digest;
    let (end, _) = line(bytes, "{\"end\"");
    let sum: String = sha2::Sha256::digest(&bytes[..end])
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let at = memchr::memmem::find(&bytes[end..], b"\"sha256\":\"").unwrap() + end + 10;
    bytes.splice(at..at + 64, sum.bytes());
}

type Wrong = (&'static str, fn(&mut Vec<u8>), &'static str);

/// A backup's lines for every way to be wrong, and what is said of them.
const WRONG: &[Wrong] = &[
    ("empty", Vec::clear, "backup-empty"),
    ("a blank line", |b| *b = b"\n".to_vec(), "backup-not-backup"),
    (
        "a workbook",
        |b| *b = b"PK\x03\x04".to_vec(),
        "backup-not-backup",
    ),
    (
        "other lines",
        |b| *b = b"{\"name\":\"x\"}\n".to_vec(),
        "backup-not-backup",
    ),
    (
        "without its first line",
        |b| remove(b, "{\"backup\""),
        "backup-not-backup",
    ),
    (
        "a newer version",
        |b| replace(b, "\"version\":1", "\"version\":2"),
        "backup-newer",
    ),
    (
        "a newer version of another make",
        |b| *b = b"{\"backup\":{\"version\":9}}\n".to_vec(),
        "backup-newer",
    ),
    ("cut in a line", |b| b.truncate(b.len() / 2), "backup-cut"),
    ("cut by a byte", |b| b.truncate(b.len() - 1), "backup-cut"),
    (
        "without its last line",
        |b| remove(b, "{\"end\""),
        "backup-cut",
    ),
    (
        "a line more",
        |b| b.extend_from_slice(b"{\"changes\":[]}\n"),
        "backup-behind",
    ),
    ("twice", |b| b.extend_from_within(..), "backup-behind"),
    (
        "a name altered",
        |b| replace(b, "居民1之0", "居民1之9"),
        "backup-sum",
    ),
    (
        "a time altered",
        |b| replace(b, "\"stamp\":1", "\"stamp\":2"),
        "backup-sum",
    ),
    (
        "a worker altered",
        |b| replace(b, "王芳", "李强"),
        "backup-sum",
    ),
    (
        "a name altered and summed up",
        |b| {
            replace(b, "居民1之0", "居民1之9");
            sum_up(b);
        },
        "backup-mark",
    ),
    (
        "a commit left out",
        |b| {
            remove(b, "居民1之0");
            remove(b, "\"number\":1,");
            sum_up(b);
        },
        "backup-order",
    ),
    (
        "a commit twice",
        |b| {
            let (start, found) = line(b, "\"number\":3,");
            let again = found.to_vec();
            b.splice(start..start, again);
            sum_up(b);
        },
        "backup-order",
    ),
    (
        "the last commit left out",
        |b| {
            remove(b, "居民4之0");
            remove(b, "\"number\":4,");
            sum_up(b);
        },
        "backup-totals",
    ),
    (
        "changes left out",
        |b| {
            remove(b, "居民2之600");
            sum_up(b);
        },
        "backup-changes",
    ),
    (
        "changes too many",
        |b| {
            let (start, found) = line(b, "居民2之600");
            let again = found.to_vec();
            b.splice(start..start, again);
            sum_up(b);
        },
        "backup-changes",
    ),
    (
        "changes of no commit",
        |b| {
            let (start, _) = line(b, "\"number\":1,");
            b.splice(start..start, *b"{\"changes\":[{\"subject\":{\"table\":\"Person\",\"id\":\"00000000-0000-0000-0000-000000000000\"},\"field\":1,\"old\":null,\"new\":null}]}\n");
        },
        "backup-changes",
    ),
    (
        "a second head",
        |b| {
            let (_, found) = line(b, "{\"backup\"");
            let again = found.to_vec();
            let (end, _) = line(b, "{\"end\"");
            b.splice(end..end, again);
        },
        "backup-line",
    ),
    (
        "no JSON",
        |b| replace(b, "{\"changes\":", "{\"changes\";"),
        "backup-line",
    ),
    (
        "an unknown line",
        |b| replace(b, "{\"changes\":", "{\"people\":"),
        "backup-line",
    ),
    (
        "an unknown table",
        |b| replace(b, "\"Person\",", "\"Animal\","),
        "backup-line",
    ),
    (
        "an unknown act",
        |b| replace(b, "\"act\":\"Edit\"", "\"act\":\"Cook\""),
        "backup-line",
    ),
    (
        "fewer commits said",
        |b| replace(b, "\"commits\":4", "\"commits\":3"),
        "backup-totals",
    ),
    (
        "more changes said",
        |b| replace(b, "\"changes\":3408", "\"changes\":3409"),
        "backup-totals",
    ),
    (
        "other fields said",
        |b| replace(b, "\"set\":3408", "\"set\":3407"),
        "backup-mark",
    ),
    (
        "another digest said",
        |b| replace(b, "\"digest\":\"", "\"digest\":\"1"),
        "backup-mark",
    ),
    (
        "no digest",
        |b| replace(b, "\"digest\":\"", "\"digest\":\"x"),
        "backup-mark",
    ),
    (
        "another checksum said",
        |b| replace(b, "\"sha256\":\"", "\"sha256\":\"0"),
        "backup-sum",
    ),
];

/// An age file for every way to be wrong.
const WRONG_AGE: &[Wrong] = &[
    ("cut in the head", |b| b.truncate(60), "backup-head"),
    ("a newer age", |b| b[20] = b'9', "backup-head"),
    ("its kind altered", |b| b[25] ^= 1, "backup-other-key"),
    (
        "whom it is sealed to altered",
        |b| b[60] = if b[60] == b'A' { b'B' } else { b'A' },
        "backup-other-key",
    ),
    (
        "its head's checksum altered",
        |b| {
            let at = memchr::memmem::find(b, b"\n--- ").unwrap();
            b[at + 8] ^= 1;
        },
        "backup-head",
    ),
    (
        "its last byte altered",
        |b| *b.last_mut().unwrap() ^= 1,
        "backup-altered",
    ),
    (
        "a byte in its middle altered",
        |b| {
            let at = b.len() / 2;
            b[at] ^= 1;
        },
        "backup-altered",
    ),
    (
        "cut by a byte",
        |b| b.truncate(b.len() - 1),
        "backup-altered",
    ),
    ("cut to one block", |b| b.truncate(66_000), "backup-altered"),
    ("a byte more", |b| b.push(0), "backup-altered"),
];

fn assert_refused(name: &str, file: &Path, paper: Option<&SecretString>, want: &str) {
    let into = file.with_file_name(format!("of {name}"));
    let told = restored(file, paper, &into, None).err();
    assert_eq!(told, Some(want), "{name}");
    assert!(!into.exists(), "{name}: a folder was made");
    for words in [Lang::Zh, Lang::En].map(Words::new) {
        let todo = format!("{want}-do");
        assert!(words.has(want) && words.has(&todo), "{want}");
    }
}

#[test]
fn every_way_to_be_wrong_is_told() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    let paper = sealed(&dir);
    let file = temp.path().join("one.age");
    backup::write(&dir, key(&dir).as_ref(), &file, &Wrap::Recovery, START).unwrap();
    let whole = fs::read(&file).unwrap();
    for (name, alter, want) in WRONG_AGE {
        let mut bytes = whole.clone();
        alter(&mut bytes);
        assert_ne!(bytes, whole, "{name} alters nothing");
        fs::write(&file, &bytes).unwrap();
        assert_refused(name, &file, Some(&paper), want);
    }
    fs::write(&file, &whole).unwrap();
    assert_refused("no key", &file, None, "backup-needs-key");
    let other = Identity::generate().to_string();
    assert_refused("another key", &file, Some(&other), "backup-other-key");
    let scrypt = age::Encryptor::with_user_passphrase(secret("a passphrase"));
    let mut bytes = vec![];
    let out = scrypt.wrap_output(&mut bytes).unwrap();
    out.finish().unwrap();
    fs::write(&file, &bytes).unwrap();
    assert_refused("a passphrase", &file, Some(&paper), "backup-passphrase");
    let identity: Identity = paper.expose_secret().parse().unwrap();
    let plain = age::decrypt(&identity, &whole).unwrap();
    for (name, alter, want) in WRONG {
        let mut bytes = plain.clone();
        alter(&mut bytes);
        assert_ne!(bytes, plain, "{name} alters nothing");
        fs::write(&file, &bytes).unwrap();
        assert_refused(name, &file, None, want);
    }
}

#[test]
fn a_damaged_journal_is_not_backed_up_as_if_it_were_whole() {
    for is_sealed in [false, true] {
        SEALING.set(is_sealed);
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("register");
        let mut store = create(&dir);
        for _ in 0..3 {
            let next = newcomers(&store, 2);
            store.append(&next).unwrap();
        }
        drop(store);
        let segment = crate::store::home(&dir).join("journal/00000001.jnl");
        let mut bytes = fs::read(&segment).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&segment, &bytes).unwrap();
        let file = temp.path().join("one");
        let usual = backup::usual(&dir).unwrap();
        let told = backup::write(&dir, key(&dir).as_ref(), &file, &usual, START).unwrap_err();
        assert_eq!(said(&told), "backup-journal");
        assert_eq!(files(temp.path()), ["register"]);
    }
}

fn files(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir).unwrap();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn on_leaving_a_backup_is_made_when_something_was_saved() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    drop(create(&dir));
    assert_eq!(shelf::leave(&dir, None, now(0)).unwrap(), None);
    let folder = temp.path().join("stick");
    shelf::name_folder(&dir, Some(&folder)).unwrap();
    // The stick is not plugged in: nothing is made in its place.
    assert!(shelf::leave(&dir, None, now(0)).is_err());
    assert!(!folder.exists());
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("holiday.jpg"), "x").unwrap();
    assert!(shelf::leave(&dir, None, now(0)).unwrap().is_some());
    assert_eq!(shelf::leave(&dir, None, now(1)).unwrap(), None);
    for day in 1..40 {
        let mut store = open(&dir).store;
        let next = newcomers(&store, 1);
        store.append(&next).unwrap();
        drop(store);
        assert!(shelf::leave(&dir, None, now(day)).unwrap().is_some());
    }
    let note = shelf::note(&dir);
    assert_eq!(note.days(now(42)), Some(3));
    let last = note.last.unwrap();
    assert_eq!(last.commits, 39);
    assert_eq!(restore::look(&last.file, None).unwrap().commits, 39);
    // 7 days; of the weeks before them those that are left of 4; of the months those left of 12.
    let kept = files(&folder);
    assert!((9..=12).contains(&kept.len()), "{kept:?}");
    assert!(kept.contains(&"holiday.jpg".to_owned()));
    // What was removed meanwhile is made again.
    fs::remove_file(&last.file).unwrap();
    assert!(shelf::leave(&dir, None, now(40)).unwrap().is_some());
    shelf::tried(&dir, &last.file, 39, START).unwrap();
    assert_eq!(shelf::note(&dir).tried.unwrap().commits, 39);
}

#[test]
fn old_backups_go_by_days_weeks_and_months() {
    let names = |days: &[&str]| -> Vec<String> {
        days.iter()
            .map(|day| format!("jumin-abc-{day}.age"))
            .collect()
    };
    let spare = |days: &[&str]| -> Vec<String> {
        let names = names(days);
        let spare = shelf::spare("jumin-abc-", &names);
        let day = |name: &&str| name[10..18].to_owned();
        spare.iter().map(day).collect()
    };
    // Of a day only the last.
    assert_eq!(
        spare(&["20260101-0800", "20260101-1700", "20260102-0800"]),
        ["20260101"]
    );
    // Seven days, then one a week (2026-01-05 is a Monday), then one a month.
    let days: Vec<String> = (1..=31).map(|day| format!("202601{day:02}-1700")).collect();
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    let gone = spare(&days);
    let kept: Vec<&str> = days
        .iter()
        .map(|day| &day[6..8])
        .filter(|day| !gone.iter().any(|gone| gone[6..] == **day))
        .collect();
    assert_eq!(kept, ["11", "18", "25", "26", "27", "28", "29", "30", "31"]);
    let years: Vec<String> = (0..30)
        .map(|n| format!("{}{:02}15-1700", 2024 + n / 12, n % 12 + 1))
        .collect();
    let years: Vec<&str> = years.iter().map(String::as_str).collect();
    assert_eq!(spare(&years).len(), 30 - 12);
    // What is not ours is nobody's to remove.
    let strange = names(&["2026", "20261301-1700", "notes"]);
    assert!(shelf::spare("jumin-abc-", &strange).is_empty());
    let other: Vec<String> = (1..=31)
        .map(|day| format!("jumin-xyz-202601{day:02}-17.age"))
        .collect();
    assert!(shelf::spare("jumin-abc-", &other).is_empty());
}

/// Whatever a restoring that was cut short had made, the next one begins as if it were not there; what
/// is nobody's half-made register it leaves alone.
#[test]
fn a_restoring_that_was_cut_short_is_begun_again() {
    for is_sealed in [false, true] {
        SEALING.set(is_sealed);
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("register");
        let mut store = create(&dir);
        let next = newcomers(&store, 3);
        store.append(&next).unwrap();
        drop(store);
        let file = temp.path().join("one.jsonl");
        backup::write(&dir, key(&dir).as_ref(), &file, &Wrap::Plain, START).unwrap();
        let again = temp.path().join("again");
        let newcomer = is_sealed.then(newcomer);
        let target = Target {
            dir: &again,
            replica: replica(8),
            founder: newcomer.as_ref(),
            removals: &Removals::new(),
        };
        restore::restore(&file, None, &target).unwrap();
        // As it stands before it is a register.
        let [name, half] = ["id.toml", "id.toml.half"].map(|name| again.join(name));
        fs::rename(&name, &half).unwrap();
        for draft in ["id.toml.half.new", "removed.toml.new", "store.dirty.new"] {
            fs::write(again.join(draft), b"").unwrap();
        }
        restore::restore(&file, None, &target).unwrap();
        assert!(name.exists() && !half.exists());
        // A register that has lost its name is no half-made one.
        let journal = segments(&again).remove(0);
        let bytes = fs::read(&journal).unwrap();
        fs::remove_file(&name).unwrap();
        assert!(restore::restore(&file, None, &target).is_err());
        assert_eq!(fs::read(&journal).unwrap(), bytes);
    }
}

/// A folder that holds something is left as it is.
#[test]
fn nothing_is_restored_over_something() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().join("register");
    drop(create(&dir));
    let file = temp.path().join("one.jsonl");
    backup::write(&dir, None, &file, &Wrap::Plain, START).unwrap();
    let before = fs::read(dir.join("id.toml")).unwrap();
    let nothing = Removals::new();
    let target = |dir| Target {
        dir,
        replica: replica(8),
        founder: None,
        removals: &nothing,
    };
    let refused = restore::restore(&file, None, &target(&dir));
    assert!(matches!(refused, Err(StoreError::Exists(_))));
    assert_eq!(fs::read(dir.join("id.toml")).unwrap(), before);
    let full: PathBuf = temp.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("notes.txt"), "mine").unwrap();
    assert!(restore::restore(&file, None, &target(&full)).is_err());
    assert_eq!(files(&full), ["notes.txt"]);
}

//! Who can open a sealed register: slots, passphrases, the recovery key, and every way in which a
//! key file can be wrong.

use crate::store::PASSPHRASE;
use crate::store::START;
use crate::store::founder;
use crate::store::newcomers;
use argon2::Algorithm;
use argon2::Argon2;
use argon2::AssociatedData;
use argon2::ParamsBuilder;
use argon2::Version;
use chacha20poly1305::KeyInit;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead;
use chacha20poly1305::aead::Payload;
use jumin::model::Lang;
use jumin::model::ids::Mint;
use jumin::model::ids::ReplicaId;
use jumin::model::role::Role;
use jumin::store::Settings;
use jumin::store::Store;
use jumin::store::StoreError;
use jumin::store::keys;
use jumin::store::keys::Rest;
use jumin::store::vault::Holder;
use jumin::store::vault::Key;
use jumin::store::vault::kdf::Cost;
use jumin::store::vault::slot::Grant;
use jumin::words::Words;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use std::fs;
use std::path::Path;
use std::time::Duration;

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

/// A sealed register of one commit, and its recovery key.
fn sealed(dir: &Path) -> SecretString {
    let replica = ReplicaId(Mint::new(START, 7).uuid());
    let (mut store, paper) = Store::create_sealed(dir, replica, &founder()).unwrap();
    let next = newcomers(&store, 3);
    store.append(&next).unwrap();
    paper
}

fn unlock(dir: &Path, who: &str, passphrase: &str) -> Result<Key, &'static str> {
    keys::unlock(dir, who, &secret(passphrase)).map_err(|error| said(&error))
}

fn said(error: &StoreError) -> &'static str {
    match error {
        StoreError::Key(fault) => fault.say().0,
        other => panic!("{other}"),
    }
}

/// How many people the key shows.
fn population(dir: &Path, key: Key) -> usize {
    let settings = Settings {
        key: Some(key),
        ..Settings::default()
    };
    let opened = Store::open_with(dir, &settings, &mut |_| {}).unwrap();
    opened.book.population()
}

fn grant(name: &str, role: Role, passphrase: &str) -> Grant {
    Grant {
        name: name.into(),
        role,
        passphrase: secret(passphrase),
        ..founder()
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.chars().map(|c| c.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|two| two[0] << 4 | two[1]).collect()
}

#[test]
fn argon2id_gives_what_rfc_9106_says() {
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).unwrap())
        .build()
        .unwrap();
    let secret = [3; 8];
    let argon =
        Argon2::new_with_secret(&secret, Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut tag = [0; 32];
    argon
        .hash_password_into(&[1; 32], &[2; 16], &mut tag)
        .unwrap();
    let want = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
    assert_eq!(tag.to_vec(), bytes(want));
}

#[test]
fn xchacha20_poly1305_gives_what_its_draft_says() {
    let key: [u8; 32] = std::array::from_fn(|at| 0x80 + at as u8);
    let nonce: [u8; 24] = std::array::from_fn(|at| 0x40 + at as u8);
    let text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for \
        the future, sunscreen would be it.";
    let aad = bytes("50515253c0c1c2c3c4c5c6c7");
    let payload = Payload {
        msg: text,
        aad: &aad,
    };
    let sealed = XChaCha20Poly1305::new(&key.into())
        .encrypt(&XNonce::from(nonce), payload)
        .unwrap();
    let want = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa644\
        0bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2b\
        c369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780a\
        cf49";
    assert_eq!(sealed, bytes(want));
}

#[test]
fn hkdf_gives_what_rfc_5869_says() {
    let salt: Vec<u8> = (0..=12).collect();
    let info: Vec<u8> = (0xf0..=0xf9).collect();
    let mut okm = [0; 42];
    hkdf::Hkdf::<sha2::Sha256>::new(Some(&salt), &[0x0b; 22])
        .expand(&info, &mut okm)
        .unwrap();
    let want =
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
    assert_eq!(okm.to_vec(), bytes(want));
}

#[test]
fn a_new_slot_costs_what_the_machine_bears() {
    let cost = |milliseconds| Cost::fitted(Duration::from_millis(milliseconds));
    assert_eq!(cost(5_000), Cost::PROBE, "never below the probe");
    assert_eq!(cost(350).memory, 128 << 10);
    assert_eq!(cost(350).passes, 3);
    assert_eq!(cost(50).memory, 256 << 10);
    assert_eq!(cost(50).passes, 10);
    assert_eq!(cost(1).passes, 20);
    // The fastest of some trials counts, wherever it comes.
    let mut took = [900, 350, 2_000, 600, 700]
        .map(Duration::from_millis)
        .into_iter();
    let fitted = Cost::measured(|probe| {
        assert_eq!(probe, Cost::PROBE);
        Ok(took.next().unwrap())
    });
    assert_eq!(fitted.unwrap(), cost(350));
    assert_eq!(took.next(), None);
}

#[test]
fn each_opens_with_their_own_passphrase_and_the_sheet_opens_too() {
    let temp = tempfile::tempdir().unwrap();
    let paper = sealed(temp.path());
    let founder = unlock(temp.path(), "王芳", PASSPHRASE).unwrap();
    let own = Holder::Worker {
        slot: 1,
        name: "王芳".into(),
        role: Role::Manage,
    };
    assert_eq!(*founder.holder(), own);
    keys::add(
        temp.path(),
        &founder,
        &grant("李强", Role::Enter, "another long one"),
    )
    .unwrap();
    let Rest::Sealed(slots) = keys::rest(temp.path()).unwrap() else {
        panic!("it is open");
    };
    let names: Vec<_> = slots.iter().map(|slot| slot.name.as_str()).collect();
    assert_eq!(names, ["王芳", "李强", "recovery"]);
    // Full-width typing is the same passphrase, another worker's is not one's own.
    let other = unlock(temp.path(), "李强", "ａｎｏｔｈｅｒ　long one ").unwrap();
    assert_eq!(
        unlock(temp.path(), "李强", PASSPHRASE).unwrap_err(),
        "key-wrong"
    );
    assert_eq!(
        unlock(temp.path(), "王芳", "another long one").unwrap_err(),
        "key-wrong"
    );
    // Whoever has no slot under their name may try all.
    assert!(unlock(temp.path(), "somebody", PASSPHRASE).is_ok());
    assert_eq!(population(temp.path(), other), 3);
    let lower = paper.expose_secret().to_lowercase();
    let spaced = format!(" {} {} ", &lower[..20], &lower[20..]);
    for typed in [paper.expose_secret(), &spaced] {
        let key = unlock(temp.path(), "王芳", typed).unwrap();
        assert_eq!(*key.holder(), Holder::Recovery);
        assert_eq!(population(temp.path(), key), 3);
    }
    assert_eq!(
        unlock(temp.path(), "王芳", "AGE-SECRET-KEY-1ABC").unwrap_err(),
        "key-no-recovery"
    );
    let stranger = tempfile::tempdir().unwrap();
    let strange = sealed(stranger.path());
    let refused = unlock(temp.path(), "王芳", strange.expose_secret());
    assert_eq!(refused.unwrap_err(), "key-wrong-recovery");
}

#[test]
fn who_has_a_key_is_changed_by_who_manages() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let paper = sealed(dir);
    let founder = unlock(dir, "王芳", PASSPHRASE).unwrap();
    let refused = |done: Result<(), StoreError>| said(&done.unwrap_err());
    let li = grant("李强", Role::Enter, "another long one");
    keys::add(dir, &founder, &li).unwrap();
    let enterer = unlock(dir, "李强", "another long one").unwrap();
    let third = grant("赵敏", Role::View, "a third long one");
    assert_eq!(refused(keys::add(dir, &enterer, &third)), "key-not-manager");
    assert_eq!(
        refused(keys::remove(dir, &enterer, "王芳")),
        "key-not-manager"
    );
    assert_eq!(refused(keys::add(dir, &founder, &li)), "key-taken");
    assert_eq!(refused(keys::remove(dir, &founder, "赵敏")), "key-nobody");
    assert_eq!(
        refused(keys::remove(dir, &founder, "recovery")),
        "key-nobody"
    );
    assert_eq!(
        refused(keys::remove(dir, &founder, "王芳")),
        "key-last-manager"
    );
    let short = grant("赵敏", Role::View, "too short");
    assert_eq!(refused(keys::add(dir, &founder, &short)), "key-short");
    let nameless = grant(" ", Role::View, "a third long one");
    assert_eq!(refused(keys::add(dir, &founder, &nameless)), "key-bad-name");
    // One's own passphrase may be changed by oneself; the old one opens no more.
    keys::change(
        dir,
        &enterer,
        &grant("李强", Role::Manage, "a changed long one"),
    )
    .unwrap();
    assert_eq!(
        unlock(dir, "李强", "another long one").unwrap_err(),
        "key-wrong"
    );
    let changed = unlock(dir, "李强", "a changed long one").unwrap();
    assert!(matches!(
        changed.holder(),
        Holder::Worker {
            role: Role::Enter,
            ..
        }
    ));
    let theirs = grant("王芳", Role::Enter, "not one's own at all");
    assert_eq!(
        refused(keys::change(dir, &changed, &theirs)),
        "key-not-manager"
    );
    // A new sheet makes the old one worthless.
    let renewed = keys::renew(dir, &founder).unwrap();
    assert_eq!(
        unlock(dir, "", paper.expose_secret()).unwrap_err(),
        "key-wrong-recovery"
    );
    let recovered = unlock(dir, "", renewed.expose_secret()).unwrap();
    keys::remove(dir, &recovered, "李强").unwrap();
    assert_eq!(
        unlock(dir, "李强", "a changed long one").unwrap_err(),
        "key-wrong"
    );
    for n in 0..30 {
        let name = format!("志愿者{n}");
        keys::add(
            dir,
            &founder,
            &grant(&name, Role::View, "a long one for many"),
        )
        .unwrap();
    }
    assert_eq!(refused(keys::add(dir, &founder, &third)), "key-full");
    assert_eq!(population(dir, founder), 3);
}

type Wrong = (&'static str, fn(&mut Vec<u8>), &'static str);

/// Where things stand in the file of `sealed`: the first slot is 王芳 with the label 前台.
const VERSION: usize = 8;
const VAULT: usize = 10;
const REGISTER: usize = 26;
const EPOCH: usize = 42;
const COUNT: usize = 50;
const NUMBER: usize = 51;
const KIND: usize = 52;
const ROLE: usize = 53;
const NAME: usize = 55;
const LABEL: usize = 62;
const MEMORY: usize = 68;
const PASSES: usize = 72;
const LANES: usize = 76;
const SALT: usize = 80;
const KEYS: usize = 96;
const NONCE: usize = 97;
const WRAPPED: usize = 121;
const SECOND: usize = 201;

fn number(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

/// One key file for every way to be wrong, and what is said of it.
const WRONG: &[Wrong] = &[
    ("empty", Vec::clear, "key-cut"),
    ("a few bytes", |file| file.truncate(5), "key-cut"),
    (
        "cut in the head",
        |file| file.truncate(VAULT + 3),
        "key-cut",
    ),
    (
        "cut before the slots",
        |file| file.truncate(NUMBER),
        "key-cut",
    ),
    ("cut in a name", |file| file.truncate(NAME + 2), "key-cut"),
    (
        "cut in a slot",
        |file| file.truncate(WRAPPED + 10),
        "key-cut",
    ),
    (
        "cut in the sheet's slot",
        |file| file.truncate(SECOND + 90),
        "key-cut",
    ),
    (
        "cut by a byte",
        |file| file.truncate(file.len() - 1),
        "key-cut",
    ),
    ("a byte more", |file| file.push(0), "key-trailing"),
    ("twice", |file| file.extend_from_within(..), "key-trailing"),
    ("zeros", |file| file.fill(0), "key-not-keys"),
    (
        "something else",
        |file| *file = b"PK\x03\x04 a workbook".to_vec(),
        "key-not-keys",
    ),
    ("another magic", |file| file[7] = b'Z', "key-not-keys"),
    ("version 0", |file| file[VERSION] = 0, "key-not-keys"),
    ("a newer version", |file| file[VERSION] = 3, "key-newer"),
    ("no key", |file| file[KEYS] = 0, "key-unknown"),
    ("three keys", |file| file[KEYS] = 3, "key-unknown"),
    ("another vault", |file| file[VAULT] ^= 1, "key-wrong"),
    ("another register", |file| file[REGISTER] ^= 1, "key-other"),
    ("another epoch", |file| file[EPOCH] ^= 1, "key-altered"),
    ("no slots", |file| file[COUNT] = 0, "key-slots"),
    ("too many slots", |file| file[COUNT] = 33, "key-slots"),
    ("a slot too few", |file| file[COUNT] = 1, "key-trailing"),
    ("slot 0", |file| file[NUMBER] = 0, "key-order"),
    ("slot 33", |file| file[NUMBER] = 33, "key-order"),
    ("the same slot twice", |file| file[SECOND] = 1, "key-order"),
    ("another slot", |file| file[NUMBER] = 2, "key-wrong"),
    ("an unknown kind", |file| file[KIND] = 7, "key-unknown"),
    ("an unknown role", |file| file[ROLE] = 9, "key-unknown"),
    ("another role", |file| file[ROLE] = 1, "key-wrong"),
    (
        "a name that is no text",
        |file| file[NAME] = 0xff,
        "key-name",
    ),
    ("another label", |file| file[LABEL + 2] ^= 1, "key-wrong"),
    ("little memory", |file| number(file, MEMORY, 8), "key-weak"),
    (
        "memory below the floor",
        |file| number(file, MEMORY, (19 << 10) - 1),
        "key-weak",
    ),
    ("no pass", |file| number(file, PASSES, 0), "key-weak"),
    (
        "one pass over little",
        |file| number(file, PASSES, 1),
        "key-weak",
    ),
    ("no lane", |file| number(file, LANES, 0), "key-weak"),
    (
        "all memory",
        |file| number(file, MEMORY, u32::MAX),
        "key-heavy",
    ),
    (
        "passes for a day",
        |file| number(file, PASSES, 1_000_000),
        "key-heavy",
    ),
    ("many lanes", |file| number(file, LANES, 9), "key-heavy"),
    (
        "much of both",
        |file| {
            number(file, MEMORY, 1 << 20);
            number(file, PASSES, 20);
        },
        "key-heavy",
    ),
    ("another cost", |file| number(file, PASSES, 3), "key-wrong"),
    ("another salt", |file| file[SALT] ^= 1, "key-wrong"),
    ("another nonce", |file| file[NONCE] ^= 1, "key-wrong"),
    (
        "another wrapped key",
        |file| file[WRAPPED] ^= 1,
        "key-wrong",
    ),
    (
        "another sheet",
        |file| file[SECOND + 20] ^= 1,
        "key-altered",
    ),
    (
        "another checksum",
        |file| *file.last_mut().unwrap() ^= 1,
        "key-altered",
    ),
    (
        "another checksum within",
        |file| {
            let end = file.len() - 33;
            file[end] ^= 1;
        },
        "key-altered",
    ),
];

#[test]
fn every_way_to_be_wrong_is_told() {
    let temp = tempfile::tempdir().unwrap();
    sealed(temp.path());
    let home = temp.path().join("vault-0001");
    let whole = fs::read(home.join("keys")).unwrap();
    let words = [Lang::Zh, Lang::En].map(Words::new);
    for (name, alter, want) in WRONG {
        let mut file = whole.clone();
        alter(&mut file);
        assert_ne!(file, whole, "{name} alters nothing");
        for copy in ["keys", "keys.copy"] {
            fs::write(home.join(copy), &file).unwrap();
        }
        let told = unlock(temp.path(), "王芳", PASSPHRASE).unwrap_err();
        assert_eq!(told, *want, "{name}");
        assert_eq!(
            fs::read(home.join("keys")).unwrap(),
            file,
            "{name}: touched"
        );
        for words in &words {
            assert!(
                words.has(told) && words.has(&format!("{told}-do")),
                "{told}"
            );
        }
    }
    for copy in ["keys", "keys.copy"] {
        fs::remove_file(home.join(copy)).unwrap();
    }
    assert_eq!(
        unlock(temp.path(), "王芳", PASSPHRASE).unwrap_err(),
        "key-missing"
    );
}

#[test]
fn the_copy_helps_when_the_file_is_damaged() {
    let temp = tempfile::tempdir().unwrap();
    sealed(temp.path());
    let home = temp.path().join("vault-0001");
    let whole = fs::read(home.join("keys")).unwrap();
    let is_mended = |name: &str| {
        assert!(unlock(temp.path(), "王芳", PASSPHRASE).is_ok(), "{name}");
        assert_eq!(fs::read(home.join("keys")).unwrap(), whole, "{name}");
        assert_eq!(fs::read(home.join("keys.copy")).unwrap(), whole, "{name}");
    };
    for (name, alter, said) in WRONG {
        let mut file = whole.clone();
        alter(&mut file);
        fs::write(home.join("keys"), &file).unwrap();
        let is_damage = !["key-wrong", "key-newer", "key-other"].contains(said);
        if is_damage {
            is_mended(name);
        } else {
            // Nobody can tell it from a passphrase that was changed: an old copy must not help.
            assert!(unlock(temp.path(), "王芳", PASSPHRASE).is_err(), "{name}");
        }
        fs::write(home.join("keys"), &whole).unwrap();
    }
    fs::remove_file(home.join("keys")).unwrap();
    is_mended("removed");
    fs::write(home.join("keys.copy"), b"x").unwrap();
    is_mended("the copy");
}

/// The index knows what is hidden from those who only look.
#[test]
fn who_only_looks_neither_keeps_nor_reads_a_snapshot() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    sealed(dir);
    let founder = unlock(dir, "王芳", PASSPHRASE).unwrap();
    let third = grant("赵敏", Role::View, "a third long one");
    keys::add(dir, &founder, &third).unwrap();
    let store = |key: Key| {
        let settings = Settings {
            key: Some(key),
            ..Settings::default()
        };
        let opened = Store::open_with(dir, &settings, &mut |_| {}).unwrap();
        opened.store
    };
    let mut manages = store(founder);
    manages.lay_by(1, |pen| pen.part(&1_u8)).unwrap();
    assert!(manages.laid_by(1, 0).is_some());
    drop(manages);
    let mut looks = store(unlock(dir, "赵敏", "a third long one").unwrap());
    assert!(looks.laid_by(1, 0).is_none());
    let refused = looks.lay_by(1, |pen| pen.part(&2_u8));
    assert_eq!(said(&refused.unwrap_err()), "key-only-looks");
}

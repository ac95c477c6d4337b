//! An office with a key for each role, and one person with a sentinel in every field.

use crate::cli::Desk;
use jumin::model::assertion;
use jumin::model::category::Sensitivity;
use jumin::model::change::Act;
use jumin::model::draft::Draft;
use jumin::model::field;
use jumin::model::field::Field;
use jumin::model::field::Kind;
use jumin::model::field::Masking;
use jumin::model::household;
use jumin::model::ids::Subject;
use jumin::model::ids::Table;
use jumin::model::person;
use jumin::model::role::Role;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use jumin::model::view;
use jumin::model::visit;
use jumin::register::Register;
use jumin::store::keys;
use jumin::store::vault::kdf::Cost;
use jumin::store::vault::slot::Grant;
use jumin::term::clock;
use secrecy::SecretString;

/// Who works here, as what.
pub(super) const WORKERS: [(&str, Role); 3] = [
    ("王芳", Role::Manage),
    ("李强", Role::Enter),
    ("赵敏", Role::View),
];

pub(super) const NAME: &str = "欧阳试";

/// Who may be the same person.
const TWIN: &str = "欧阳视";

/// A category of each closeness, with what shows that someone is in it.
pub(super) const CLAIMS: [(&str, Sensitivity, &str); 3] = [
    ("E6", Sensitivity::Normal, "哨据常"),
    ("W1", Sensitivity::Sensitive, "哨据敏"),
    ("X5", Sensitivity::Locked, "哨据锁"),
];

pub(super) fn secret(worker: &str) -> String {
    format!("{worker}的口令 for the tests")
}

pub(super) fn grant((name, role): (&str, Role)) -> Grant {
    Grant {
        name: name.into(),
        label: String::new(),
        role,
        passphrase: SecretString::from(secret(name)),
        cost: Cost::FLOOR,
    }
}

/// The value that stands in a field, and how it reads unmasked: nothing else reads so.
pub(super) fn sentinel(field: &Field) -> (Value, String) {
    let text = match field.masking {
        Masking::Open => format!("哨{}", field.key),
        Masking::Address => "哨兵小区9栋8单元707".to_owned(),
        Masking::IdNumber if field.kind == Kind::IdNumber => "110105194912310028".to_owned(),
        Masking::IdNumber => "J70413926".to_owned(),
        Masking::Phone => format!("1647295{:04}", field.number.0 * 7 + field.table as u16),
        Masking::Sensitive => format!("6203{:04}", field.number.0),
    };
    let value = match field.kind {
        Kind::Code(table) => {
            let code = jumin::model::codes::table(table).last().unwrap();
            return (Value::Code(code.code.to_owned()), code.zh.to_owned());
        }
        Kind::IdNumber => Value::IdNumber(text.clone()),
        Kind::Phones => Value::Phones(vec![Phone {
            number: text.clone(),
            label: None,
        }]),
        Kind::Words => Value::Words(vec![text.clone()]),
        Kind::Text => Value::Text(text.clone()),
        Kind::Date | Kind::Flag | Kind::Number | Kind::Link(_) => unreachable!("not closely kept"),
    };
    (value, text)
}

/// The fields that a list or a card can have and that are closely kept, or hold plain text.
pub(super) fn fields() -> impl Iterator<Item = &'static Field> {
    let own = [
        Table::Person,
        Table::Household,
        Table::Dwelling,
        Table::Visit,
    ];
    let places = ["estate", "b", "u", "room", "name", "hh", "visit_time"];
    field::FIELDS.iter().filter(move |field| {
        let is_plain = matches!(field.kind, Kind::Text | Kind::Words);
        own.contains(&field.table)
            && !places.contains(&field.key)
            && (field.masking != Masking::Open || is_plain)
    })
}

/// A sealed register with a key for each role and one person with a sentinel in every field.
pub(super) fn office() -> Desk {
    let desk = Desk::new();
    let dir = desk.register();
    let now = clock::now();
    let (mut register, _) = Register::create_sealed(&dir, &grant(WORKERS[0]), now).unwrap();
    let mut mint = register.mint(now);
    let mut draft = Draft::new(register.index().book());
    let place = ("试验小区", "3", "2", "501");
    let number = sentinel(field::by_key("id").unwrap()).0;
    let twin = [(person::ID_NO, number)];
    let own = [
        (NAME, "1", "1949-12-31", "01", &[][..]),
        (TWIN, "1", "1949-12-31", "99", &twin[..]),
    ];
    let home = crate::rig::family(&mut draft, &mut mint, place, &own);
    let dwelling = draft.get(home.subject(), household::DWELLING);
    let who = draft.get(home.subject(), household::HEAD);
    let (Some(Value::Link(dwelling)), Some(Value::Link(who))) = (dwelling, who) else {
        panic!("no home");
    };
    let visit = mint.visit();
    for (number, value) in [
        (visit::PERSON, Value::Link(who)),
        (visit::DATE, Value::Date(now.today)),
        (visit::RESULT, Value::Code("1".into())),
    ] {
        draft.set(visit.subject(), number, Some(value));
    }
    for field in fields() {
        let id = match field.table {
            Table::Household => home.0,
            Table::Dwelling => dwelling,
            Table::Visit => visit.0,
            _ => who,
        };
        let subject = Subject {
            table: field.table,
            id,
        };
        draft.set(subject, field.number, Some(sentinel(field).0));
    }
    let changes = draft.finish();
    register.commit(Act::Enter, changes, now).unwrap();
    for (code, _, evidence) in CLAIMS {
        let mut draft = Draft::new(register.index().book());
        let said = mint.assertion().subject();
        for (number, value) in [
            (assertion::PERSON, Value::Link(who)),
            (assertion::CATEGORY, Value::Code(code.into())),
            (assertion::STATUS, Value::Code("1".into())),
            (assertion::EVIDENCE, Value::Text(evidence.into())),
        ] {
            draft.set(said, number, Some(value));
        }
        let act = Act::Classify {
            what: format!("+{code}"),
            people: 1,
        };
        let changes = draft.finish();
        register.commit(act, changes, clock::now()).unwrap();
    }
    let mut draft = Draft::new(register.index().book());
    let kept = mint.uuid();
    let kept = Subject {
        table: Table::View,
        id: kept,
    };
    draft.set(kept, view::ZH, Some(Value::Text("哨视图".into())));
    draft.set(kept, view::QUERY, Some(Value::Text("cat:W1".into())));
    let changes = draft.finish();
    register.commit(Act::View, changes, clock::now()).unwrap();
    drop(register);
    let key = keys::unlock(&dir, "王芳", &SecretString::from(secret("王芳"))).unwrap();
    for worker in WORKERS.into_iter().skip(1) {
        keys::add(&dir, &key, &grant(worker)).unwrap();
    }
    desk
}

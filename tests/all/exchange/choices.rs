//! What a worker decides about an import, and that nothing is read again for it.

use crate::exchange::Desk;
use crate::exchange::HEAD;
use crate::exchange::source;
use crate::exchange::today;
use jumin::exchange::choices::Choices;
use jumin::exchange::group::Kind;
use jumin::exchange::intake;
use jumin::exchange::intake::Plan;
use jumin::exchange::intake::Reason;
use jumin::exchange::read::Source;
use jumin::exchange::verdict::Verdict;
use jumin::model::Lang;
use jumin::model::change::Change;
use jumin::model::date::Date;
use jumin::model::draft::Draft;
use jumin::model::field;
use jumin::model::ids::Table;
use jumin::model::person;
use jumin::model::ruling::Meaning;
use jumin::model::ruling::Policy;
use jumin::model::ruling::Side;
use jumin::model::ruling::Who;
use jumin::model::visit;
use jumin::model::visit::Call;
use jumin::model::visit::Outcome;
use std::ops::ControlFlow;

const ONE: &str = "张三,男,339901199003070014,1990-03-07,15412345678,3栋2单元501,志愿者\n";

/// A register with one person, and a file read once.
struct Case {
    desk: Desk,
    file: Source,
}

impl Case {
    fn new(text: &str) -> Case {
        let mut desk = Desk::new();
        desk.text("known.csv", &format!("{HEAD}{ONE}"));
        let path = desk.file("a.csv", text);
        let file = source(&path).unwrap();
        std::fs::remove_file(path).unwrap();
        Case { desk, file }
    }

    fn judge(&mut self, choices: &Choices) -> Plan {
        let desk = intake::Desk {
            book: &self.desk.book,
            today: today(),
            mint: &mut self.desk.mint,
            watch: &mut |_, _| ControlFlow::Continue(()),
        };
        let plan = intake::judge(&self.file, choices, desk).unwrap();
        self.desk.book.check(&plan.changes).unwrap();
        plan
    }

    fn commit(&mut self, plan: &Plan) {
        let changes = plan.changes.iter();
        changes.for_each(|change| self.desk.book.apply(change));
    }
}

fn of(key: &str) -> &'static field::Field {
    field::by_key(key).unwrap()
}

#[test]
fn a_difference_is_settled_by_policy_by_field_and_by_cell() {
    let text = format!("{HEAD}张三,,339901199003070014,1991-01-01,15487654321,,\n");
    let mut case = Case::new(&text);
    let mut choices = Choices::default();

    choices.policy = Policy::Ask;
    let asked = case.judge(&choices);
    assert_eq!(asked.rows[1].verdict, Verdict::Conflict);
    assert_eq!(asked.changes, []);
    let clash = &asked.rows[1].clashes[0];
    assert_eq!(
        (
            clash.field.key,
            clash.ours.as_str(),
            clash.theirs.as_str(),
            clash.side
        ),
        ("birth", "1990-03-07", "1991-01-01", None)
    );

    choices.policy = Policy::FillBlanks;
    let filled = case.judge(&choices);
    assert_eq!(filled.rows[1].verdict, Verdict::Conflict);
    assert_eq!(filled.changes.len(), 1);
    assert_eq!(filled.changes[0].field, person::PHONES);

    choices.field(of("birth"), Some(Side::Ours));
    let ours = case.judge(&choices);
    assert_eq!(ours.rows[1].verdict, Verdict::Updated);
    assert_eq!(ours.rows[1].clashes[0].side, Some(Side::Ours));
    assert_eq!(ours.changes.len(), 1);

    choices.cell(2, of("birth"), Some(Side::Theirs));
    let theirs = case.judge(&choices);
    assert_eq!(theirs.changes.len(), 2);
    case.commit(&theirs);
    assert_eq!(case.desk.person("张三").birth(), Date::new(1991, 1, 1));
}

#[test]
fn newer_wins_moves_people_and_ends_categories() {
    let mut case = Case::new(
        "姓名,身份证号,住址,政治面貌,人员类别\n张三,339901199003070014,5栋1单元101,共青团员,\n",
    );
    let mut choices = Choices::default();
    choices.policy = Policy::NewerWins;
    let plan = case.judge(&choices);
    assert_eq!(plan.rows[1].verdict, Verdict::Updated);
    case.commit(&plan);
    let home = case.desk.book.home(case.desk.person("张三")).unwrap();
    assert_eq!(home.address().building.as_deref(), Some("5"));
    assert_eq!(case.desk.book.households().count(), 1);
    assert_eq!(case.judge(&choices).changes, []);
}

#[test]
fn a_member_who_moves_leaves_the_household() {
    let mut case = Case::new("姓名,身份证号,住址\n李四,339901199201010020,5栋1单元101\n");
    let family = "户主,姓名,与户主关系,身份证号,住址\n\
                  王五,王五,户主,339901196001010014,7栋1单元101\n\
                  王五,李四,妻,339901199201010020,7栋1单元101\n";
    case.desk.text("family.csv", family);
    let mut choices = Choices::default();
    choices.policy = Policy::NewerWins;
    let plan = case.judge(&choices);
    case.commit(&plan);
    let desk = &case.desk;
    let home = |name| desk.book.home(desk.person(name)).unwrap().address();
    assert_eq!(home("王五").building.as_deref(), Some("7"));
    assert_eq!(home("李四").building.as_deref(), Some("5"));
}

#[test]
fn a_doubtful_row_waits_until_it_is_decided() {
    let mut case = Case::new("姓名,民族,工作单位\n张三,回,某厂\n");
    let known = case.desk.person("张三").id;
    case.desk
        .text("b.csv", "姓名,出生日期,住址\n张三,1950-01-01,9栋101\n");
    let mut choices = Choices::default();
    let asked = case.judge(&choices);
    assert_eq!((asked.counts().undecided, asked.changes.len()), (1, 0));
    let Verdict::Undecided(doubt) = &asked.rows[1].verdict else {
        panic!("{:?}", asked.rows[1]);
    };
    assert_eq!(doubt.candidates.len(), 2);
    assert_eq!(doubt.candidates[0].who, Who::This(known));

    choices.row(2, Some(doubt.candidates[0].who));
    let this = case.judge(&choices);
    assert_eq!(this.rows[1].verdict, Verdict::Updated);
    assert_eq!(this.rows[1].person, Some(known));

    choices.row(2, Some(Who::New));
    let new = case.judge(&choices);
    assert_eq!(new.rows[1].verdict, Verdict::New);
    assert_ne!(new.rows[1].person, Some(known));

    choices.row(2, Some(Who::Leave));
    let left = case.judge(&choices);
    assert_eq!(left.rows[1].verdict, Verdict::Skipped(Reason::LeftOut));
    assert_eq!(left.changes, []);
}

#[test]
fn somebody_new_never_takes_a_number_that_is_taken() {
    let mut case = Case::new("姓名,身份证号\n李四,339901199003070014\n");
    let mut choices = Choices::default();
    assert_eq!(case.judge(&choices).counts().undecided, 1);
    choices.row(2, Some(Who::New));
    let plan = case.judge(&choices);
    assert_eq!(plan.rows[1].problems.len(), 1);
    case.commit(&plan);
    assert_eq!(case.desk.person("李四").id_no(), None);

    let mut case = Case::new("姓名,身份证号\n李四,339901199003070014\n");
    let known = case.desk.person("张三").id;
    choices.row(2, Some(Who::This(known)));
    choices.cell(2, of("name"), Some(Side::Theirs));
    let plan = case.judge(&choices);
    case.commit(&plan);
    assert_eq!(case.desk.person("李四").id, known);
}

#[test]
fn a_column_means_what_is_decided() {
    let mut case = Case::new("姓名,身份证号,外号,信仰\n张三,339901199003070014,小三,佛\n");
    let mut choices = Choices::default();
    assert_eq!(case.judge(&choices).columns[2].meaning, Meaning::Unknown);
    choices.column("外号", Meaning::Field(of("former_name")));
    choices.column("信仰", Meaning::Field(of("note")));
    let plan = case.judge(&choices);
    assert_eq!(plan.columns[3].meaning, Meaning::Forbidden);
    let kept = |change: &&Change| change.subject.table == Table::Setting;
    let (settings, others) = (
        plan.changes.iter().filter(kept).count(),
        plan.changes.len() - 1,
    );
    assert_eq!((settings, others), (1, 1));
    case.commit(&plan);
    assert_eq!(
        case.desk.person("张三").record.text(person::FORMER_NAME),
        Some("小三")
    );
    // The next time it is remembered, unless it is decided anew.
    let again = case.judge(&Choices::default());
    assert!(again.recalls && again.changes.is_empty());
    assert_eq!(again.columns[2].meaning, plan.columns[2].meaning);
    // So it is where refused rows come back, with their reasons in one column more.
    let back = "姓名,身份证号,外号,信仰,原因\n李四,,小四,,缺电话\n";
    let path = case.desk.file("back.csv", back);
    let back = case.desk.plan(&path).unwrap();
    assert!(back.recalls && back.columns[2].meaning == plan.columns[2].meaning);
    let mut other = Choices::default();
    other.column("外号", Meaning::Unknown);
    assert_eq!(case.judge(&other).columns[2].meaning, Meaning::Unknown);
}

#[test]
fn a_plan_holds_what_a_preview_shows() {
    let mut case = Case::new(
        "姓名,身份证号,出生日期\n张三,339901199003070014,昨天\n李四,6.22E+17,1990-01-01\n\
         王五,,前天\n,,\n,,1990-01-01\n",
    );
    let plan = case.judge(&Choices::default());
    let birth = &plan.samples[2];
    assert_eq!(birth.values, ["昨天", "1990-01-01", "前天"]);
    assert_eq!((birth.filled, birth.understood), (4, 2));
    assert_eq!((plan.samples[1].filled, plan.samples[1].understood), (2, 1));
    let groups = plan.groups(Lang::Zh);
    let told: Vec<(Kind, &str, &[usize])> = groups
        .iter()
        .map(|group| (group.kind, group.heading.as_str(), group.rows.as_slice()))
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Rejected, "", &[6][..]),
            (Kind::Cell, "出生日期", &[2, 4]),
            (Kind::Cell, "身份证号", &[3]),
            (Kind::Skipped, "", &[5]),
            (Kind::Skipped, "", &[1]),
        ]
    );
}

#[test]
fn what_a_visit_verified_no_policy_overrules() {
    let text = format!("{HEAD}张三,,339901199003070014,1991-01-01,,,\n");
    let mut case = Case::new(&text);
    let known = case.desk.person("张三").id;
    let mut draft = Draft::new(&case.desk.book);
    let call = Call {
        date: Date::new(2026, 10, 3).unwrap(),
        time: None,
        worker: "王芳",
        outcome: Outcome::Met,
        verified: true,
        household: None,
        more: &[],
    };
    visit::file(&mut draft, &[known], &call, &mut case.desk.mint);
    let visited = draft.finish();
    visited
        .iter()
        .for_each(|change| case.desk.book.apply(change));

    let mut choices = Choices::default();
    choices.policy = Policy::NewerWins;
    let plan = case.judge(&choices);
    assert_eq!(
        (plan.rows[1].verdict.clone(), plan.changes.len()),
        (Verdict::Conflict, 0)
    );
    assert!(
        plan.rows[1].why(Lang::Zh).contains("2026-10-03 走访核实"),
        "{}",
        plan.rows[1].why(Lang::Zh)
    );
    // The worker may still decide it.
    choices.field(of("birth"), Some(Side::Theirs));
    let plan = case.judge(&choices);
    case.commit(&plan);
    let birth = case.desk.person("张三").record.date(person::BIRTH).unwrap();
    assert_eq!(birth, Date::new(1991, 1, 1).unwrap());
}

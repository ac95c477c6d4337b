//! A whole desk in a test: a register in a temporary folder, the app, a screen of cells; keys in as
//! a string, the screen out as text.

use jumin::app::App;
use jumin::app::Effect;
use jumin::app::Msg;
use jumin::app::key::Key;
use jumin::app::keymap::Keymap;
use jumin::app::update;
use jumin::model::Lang;
use jumin::model::change::Act;
use jumin::model::date::Date;
use jumin::model::date::Now;
use jumin::model::draft::Draft;
use jumin::model::household;
use jumin::model::ids::HouseholdId;
use jumin::model::ids::Mint;
use jumin::model::ids::PersonId;
use jumin::model::ids::Subject;
use jumin::model::ids::Table;
use jumin::model::person;
use jumin::model::value::Phone;
use jumin::model::value::Value;
use jumin::register::Register;
use jumin::term::First;
use jumin::term::Setup;
use jumin::term::pane::Pane;
use jumin::term::perform::Desk;
use jumin::ui;
use jumin::ui::Look;
use jumin::ui::theme::Theme;
use ratatui::Terminal;
use ratatui::TerminalOptions;
use ratatui::Viewport;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::collections::VecDeque;
use std::num::NonZeroU16;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use unicode_width::UnicodeWidthStr;

/// A desk under test.
pub struct Rig {
    pub app: App,
    pub desk: Desk,
    pub left: bool,
    pane: Pane<Glass>,
    glass: Glass,
    look: Look,
    now: Now,
    dir: tempfile::TempDir,
}

/// A terminal of glass: what is written to it can be read as a screen.
#[derive(Clone)]
pub struct Glass(Arc<Mutex<vt100::Parser>>);

impl Glass {
    /// A dark one, of this size.
    pub fn new(width: u16, height: u16) -> Glass {
        let rows = NonZeroU16::new(height).unwrap();
        let cols = NonZeroU16::new(width).unwrap();
        Glass(Arc::new(Mutex::new(vt100::Parser::new(rows, cols, 0))))
    }

    /// A terminal that draws on it.
    pub fn terminal(&self, width: u16, height: u16) -> Terminal<CrosstermBackend<Glass>> {
        let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
        let backend = CrosstermBackend::new(self.clone());
        Terminal::with_options(backend, TerminalOptions { viewport }).unwrap()
    }

    /// What it shows.
    pub fn text(&self) -> String {
        self.0.lock().unwrap().screen().contents()
    }

    /// Where it shows otherwise than was drawn: the first such cell, and both.
    pub fn difference(&self, drawn: &Buffer) -> Option<String> {
        let parser = self.0.lock().unwrap();
        let area = drawn.area;
        for y in 0..area.height {
            let mut x = 0;
            while x < area.width {
                let wanted = &drawn[(x, y)];
                let width = wanted.symbol().width().max(1) as u16;
                let shown = parser.screen().cell(y, x).unwrap();
                let text = if shown.has_contents() {
                    shown.contents()
                } else {
                    " "
                };
                let is_same = text == wanted.symbol()
                    && shown.is_wide() == (width == 2)
                    && shown.inverse() == wanted.modifier.contains(Modifier::REVERSED);
                if !is_same {
                    return Some(format!(
                        "row {y} column {x}: {wanted:?} is shown as {shown:?}"
                    ));
                }
                x += width;
            }
        }
        None
    }
}

impl std::io::Write for Glass {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().process(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// How many of a kind a test does: as many as usual, or as `JUMIN_` and the kind ask for. The long run
/// before a release, `tests/trust/release.sh`, asks for many more.
pub fn asked(kind: &str, usual: u64) -> u64 {
    let asked = std::env::var(format!("JUMIN_{kind}")).ok();
    asked.map_or(usual, |text| text.parse().unwrap())
}

/// The day of every test: 2026-11-23.
pub fn day() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

/// A moment of that day; each step is a second later, with other chance.
pub fn moment(step: u64) -> Now {
    Now {
        milliseconds: 1_795_392_000_000 + step * 1000,
        today: day(),
        seed: step * 7919 + 1,
    }
}

impl Rig {
    /// A desk with a small made-up community.
    pub fn new(width: u16, height: u16, lang: Lang) -> Rig {
        Rig::with(width, height, lang, community)
    }

    /// A desk with a community of the test's own.
    pub fn with(
        width: u16,
        height: u16,
        lang: Lang,
        people: impl FnOnce(&mut Draft<'_>, &mut Mint),
    ) -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let mut register =
            Register::create(&dir.path().join("register"), "王芳", moment(0)).unwrap();
        let mut mint = register.mint(moment(1));
        let mut draft = Draft::new(register.index().book());
        people(&mut draft, &mut mint);
        let changes = draft.finish();
        register
            .commit(
                Act::Demo {
                    residents: 0,
                    seed: 0,
                },
                changes,
                moment(2),
            )
            .unwrap();
        let setup = setup(dir.path(), lang);
        let desk = Desk::open(register, setup);
        let mut app = App::new(desk.index(), lang, Keymap::default());
        app.worker = "王芳".into();
        Rig::on(app, desk, dir, width, height)
    }

    /// The first run, on an empty folder.
    pub fn first_run(width: u16, height: u16, lang: Lang) -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let desk = Desk::empty(setup(dir.path(), lang));
        Rig::on(
            App::first_run(lang, Keymap::default(), "~/jumin".into()),
            desk,
            dir,
            width,
            height,
        )
    }

    /// A desk with a register that the test has made elsewhere.
    pub fn of(register: Register, width: u16, height: u16, lang: Lang) -> Rig {
        let dir = tempfile::tempdir().unwrap();
        let worker = register.worker().to_owned();
        let desk = Desk::open(register, setup(dir.path(), lang));
        let mut app = App::new(desk.index(), lang, Keymap::default());
        app.worker = worker;
        Rig::on(app, desk, dir, width, height)
    }

    fn on(app: App, desk: Desk, dir: tempfile::TempDir, width: u16, height: u16) -> Rig {
        let glass = Glass::new(width, height);
        let pane = Pane::new(glass.terminal(width, height));
        let look = Look::new(Theme::Colours);
        let mut rig = Rig {
            app,
            desk,
            left: false,
            pane,
            glass,
            look,
            now: moment(3),
            dir,
        };
        rig.draw();
        rig
    }

    /// Types: words are keys (`enter`, `F2`, `ctrl-z`) or else texts, character by character.
    pub fn keys(&mut self, keys: &str) -> &mut Rig {
        for word in keys.split(' ').filter(|word| !word.is_empty()) {
            match Key::parse(word) {
                Some(key) => self.send(Msg::Key(key)),
                None => word.chars().for_each(|c| self.send(Msg::Key(Key::char(c)))),
            }
        }
        self
    }

    /// One message and all that follows from it, then one frame.
    pub fn send(&mut self, msg: Msg) {
        let mut waiting = VecDeque::from([msg]);
        while let Some(msg) = waiting.pop_front() {
            self.now.milliseconds += 1000;
            self.now.seed += 1;
            for effect in update(&mut self.app, self.desk.index(), self.now, msg) {
                if matches!(effect, Effect::Quit) {
                    self.left = true;
                    continue;
                }
                let mut watch = |_, _| ControlFlow::Continue(());
                let (now, lang) = (self.now, self.app.lang);
                waiting.push_back(self.desk.perform(effect, now, lang, &mut watch));
            }
        }
        self.draw();
    }

    /// Lets time go by, in milliseconds.
    pub fn wait(&mut self, milliseconds: u64) {
        self.now.milliseconds += milliseconds;
    }

    fn draw(&mut self) {
        let (app, index, look) = (&self.app, self.desk.index(), &self.look);
        let seen = self.pane.draw(|frame| ui::draw(frame, app, index, look));
        self.app.seen = seen.unwrap();
    }

    /// Where the terminal shows otherwise than was drawn.
    pub fn difference(&self) -> Option<String> {
        self.glass.difference(self.pane.shown())
    }

    /// The screen as a terminal shows it, then a line for each row with reversed cells.
    pub fn screen(&self) -> String {
        let parser = self.glass.0.lock().unwrap();
        let screen = parser.screen();
        let (rows, cols) = screen.size();
        let mut text = String::new();
        let mut styled = String::new();
        for row in 0..rows.get() {
            let cells = (0..cols.get()).filter_map(|col| screen.cell(row, col));
            let mut line = String::new();
            let mut run = String::new();
            for cell in cells.filter(|cell| !cell.is_wide_continuation()) {
                let shown = if cell.has_contents() {
                    cell.contents()
                } else {
                    " "
                };
                line.push_str(shown);
                if cell.inverse() {
                    run.push_str(shown);
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
            if !run.trim().is_empty() {
                styled.push_str(&format!("reversed {row:2}: {}\n", run.trim_end()));
            }
        }
        let path = self.dir.path().display().to_string();
        format!("{text}{styled}").replace(&path, "DIR")
    }

    /// A file's path in the rig's own folder.
    pub fn file(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    /// The state, the desk and the folder that they need, for a loop of the test's own.
    pub fn into_parts(self) -> (App, Desk, tempfile::TempDir) {
        (self.app, self.desk, self.dir)
    }

    /// The person of this name.
    pub fn person(&self, name: &str) -> PersonId {
        let mut people = self.desk.index().book().people();
        people.find(|person| person.name() == name).unwrap().id
    }
}

fn setup(dir: &Path, lang: Lang) -> Setup {
    Setup {
        key: None,
        lang,
        keys: None,
        colours: true,
        worker: "王芳".into(),
        dir: dir.join("register"),
        demo_dir: dir.join("demo"),
        home: Some(dir.join("home")),
        seen: dir.join("seen"),
        first: First::List,
        limits: jumin::term::lock::Limits::default(),
        was_locked: false,
    }
}

/// One resident of the test community: name, sex, birth, relation, identity number, phone, more.
pub type Resident<'a> = (
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    &'a [(jumin::model::field::FieldNo, Value)],
);

/// A household at an address; the first is its head.
pub fn family(
    draft: &mut Draft<'_>,
    mint: &mut Mint,
    (estate, building, unit, room): (&str, &str, &str, &str),
    residents: &[Resident<'_>],
) -> HouseholdId {
    let (dwelling, home) = (mint.dwelling(), mint.household());
    let mut set = |subject, field, value: Value| draft.set(subject, field, Some(value));
    for (field, text) in [
        (household::ESTATE, estate),
        (household::BUILDING, building),
        (household::UNIT, unit),
        (household::ROOM, room),
    ] {
        if !text.is_empty() {
            set(dwelling.subject(), field, Value::Text(text.into()));
        }
    }
    set(home.subject(), household::DWELLING, Value::Link(dwelling.0));
    for (at, (name, sex, birth, relation, more)) in residents.iter().enumerate() {
        let id = mint.person();
        if at == 0 {
            set(home.subject(), household::HEAD, Value::Link(id.0));
        }
        set(id.subject(), person::NAME, Value::Text((*name).into()));
        set(id.subject(), person::SEX, Value::Code((*sex).into()));
        set(
            id.subject(),
            person::BIRTH,
            Value::Date(Date::parse(birth).unwrap()),
        );
        set(id.subject(), person::HOUSEHOLD, Value::Link(home.0));
        set(
            id.subject(),
            person::RELATION,
            Value::Code((*relation).into()),
        );
        set(id.subject(), person::LIVES_HERE, Value::Flag(true));
        set(id.subject(), person::HUKOU_HERE, Value::Flag(true));
        for (field, value) in *more {
            set(id.subject(), *field, value.clone());
        }
    }
    home
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn code(code: &str) -> Value {
    Value::Code(code.into())
}

fn phone(number: &str) -> Value {
    Value::Phones(vec![Phone {
        number: number.into(),
        label: None,
    }])
}

/// Ten residents with names of 2, 3, 4 and 12 characters; one household each of several kinds.
pub fn community(draft: &mut Draft<'_>, mint: &mut Mint) {
    let place = Subject::spelled(Table::Setting, "community");
    draft.set(
        place,
        jumin::model::field::SETTING_TEXT,
        Some(text("翠湖社区")),
    );
    let id = |number: &str| (person::ID_NO, Value::IdNumber(number.into()));
    family(
        draft,
        mint,
        ("翠湖小区", "3", "2", "501"),
        &[
            (
                "张秀英",
                "2",
                "1958-04-12",
                "02",
                &[
                    id("440308199901101512"),
                    (person::PHONES, phone("16012345678")),
                    (person::POLITICS, code("01")),
                    (person::FORMER_EMPLOYER, text("第二棉纺厂")),
                ],
            ),
            (
                "单伟",
                "1",
                "1956-11-02",
                "11",
                &[(person::EDUCATION, code("70"))],
            ),
            (
                "单晓明",
                "1",
                "1984-02-29",
                "20",
                &[
                    (person::EMPLOYER, text("蓝海电子(外资)有限公司")),
                    (person::UNIT_TYPE, code("230")),
                    (person::PHONES, phone("16112340000")),
                ],
            ),
        ],
    );
    family(
        draft,
        mint,
        ("翠湖小区", "3", "1", "102"),
        &[("仇阿婆", "2", "1939-09-01", "02", &[])],
    );
    family(
        draft,
        mint,
        ("翠湖小区", "13", "2", "501"),
        &[
            (
                "欧阳婉清",
                "2",
                "1990-07-15",
                "02",
                &[(person::EDUCATION, code("20"))],
            ),
            (
                "阿卜杜热合曼·艾尼瓦尔",
                "1",
                "1988-01-20",
                "11",
                &[
                    (person::HUKOU_HERE, Value::Flag(false)),
                    (person::ETHNIC, code("05")),
                    (person::HUKOU_KIND, code("2")),
                    (
                        person::ARRIVED,
                        Value::Date(Date::parse("2024-03-01").unwrap()),
                    ),
                    (person::JOB, text("厨师")),
                ],
            ),
            ("欧阳小雨", "2", "2019-05-05", "30", &[]),
        ],
    );
    family(
        draft,
        mint,
        ("", "5", "", "1203"),
        &[
            (
                "李强",
                "1",
                "1979-12-31",
                "02",
                &[(person::NOTE, text("想找保安工作"))],
            ),
            ("王芳", "2", "1981-03", "12", &[]),
            ("𠮷田", "1", "2008-10-10", "20", &[]),
        ],
    );
}

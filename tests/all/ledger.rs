//! The sample ledger of `seeds/`: a made-up list as a committee would hand it over, dirt and all.
//!
//! `JUMIN_SEEDS=write cargo test ledger::` writes it again; otherwise the test proves that the
//! files in `seeds/` are what this makes.

use fastrand::Rng;
use jumin::model::id_number;
use rust_xlsxwriter::Format;
use rust_xlsxwriter::Workbook;
use std::path::PathBuf;

const HEADINGS: [&str; 19] = [
    "序号",
    "户号",
    "户主",
    "家庭住址",
    "姓名",
    "与户主关系",
    "性别",
    "公民身份号码",
    "出生年月",
    "民族",
    "政治面貌",
    "文化程度",
    "婚姻状况",
    "联系电话",
    "户口性质",
    "工作单位",
    "就业状况",
    "人员类别",
    "是否低保",
];
/// The columns whose cells are merged over a household.
const MERGED: [usize; 3] = [1, 2, 3];
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹";
const GIVEN: [&str; 24] = [
    "建国", "秀英", "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "军", "杰",
    "娟", "涛", "明", "超", "桂兰", "子涵", "浩然", "欣怡", "宇轩",
];
const HOUSEHOLDS: usize = 41;

/// A sheet as text: blank where a spreadsheet would show a merged cell.
pub(crate) struct Ledger {
    /// Every row, the title first.
    pub(crate) rows: Vec<Vec<String>>,
    /// First and last row of each household of several.
    pub(crate) families: Vec<(usize, usize)>,
}

/// Where a file of `seeds/` is.
pub(crate) fn seed(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(name)
}

/// Someone of the list.
struct Resident {
    name: String,
    relation: &'static str,
    male: bool,
    born: (u16, u8, u8),
}

pub(crate) fn sample() -> Ledger {
    let mut chance = Rng::with_seed(2026);
    let mut ledger = Ledger {
        rows: vec![
            vec!["翠湖社区居民花名册(样表)".into()],
            vec![
                "填表单位:翠湖社区居委会".into(),
                String::new(),
                "2026年11月".into(),
            ],
            HEADINGS.map(str::to_owned).to_vec(),
            vec![
                String::new(),
                String::new(),
                String::new(),
                "例如:3栋2单元501".into(),
                "必填".into(),
            ],
        ],
        families: vec![],
    };
    let mut serial = 0;
    for house in 0..HOUSEHOLDS {
        let first = ledger.rows.len();
        let family = family(house, &mut chance);
        for (member, one) in family.iter().enumerate() {
            serial += 1;
            let lead = (member == 0).then(|| (family[0].name.clone(), address(house)));
            ledger.rows.push(row(serial, house, lead, one, &mut chance));
        }
        ledger.families.push((first, ledger.rows.len() - 1));
        if house == 20 {
            ledger.rows.push(vec![
                "小计".into(),
                String::new(),
                String::new(),
                String::new(),
                serial.to_string(),
            ]);
            ledger.rows.push(vec![]);
        }
    }
    spoil(&mut ledger);
    ledger.rows.push(vec![
        "合计".into(),
        String::new(),
        String::new(),
        String::new(),
        format!("{serial}人"),
    ]);
    ledger.rows.push(vec![
        "填表人:(签名)".into(),
        String::new(),
        String::new(),
        "审核人:".into(),
    ]);
    ledger.families.retain(|(first, last)| first < last);
    ledger
}

fn family(house: usize, chance: &mut Rng) -> Vec<Resident> {
    let mut person = |relation, male: bool, year: u16, surname: Option<char>| Resident {
        name: {
            let all: Vec<char> = SURNAMES.chars().collect();
            let surname = surname.unwrap_or_else(|| all[chance.usize(..all.len())]);
            format!("{surname}{}", GIVEN[chance.usize(..GIVEN.len())])
        },
        relation,
        male,
        born: (year, chance.u8(1..=12), chance.u8(1..=28)),
    };
    let year = 1938 + (house * 7 % 50) as u16;
    let head_is_male = house % 3 != 1;
    let head = person("户主", head_is_male, year, None);
    let surname = head.name.chars().next();
    let mut all = vec![head];
    if house % 5 != 4 {
        let wife = if head_is_male { "妻" } else { "夫" };
        all.push(person(wife, !head_is_male, year + 2, None));
    }
    if house.is_multiple_of(2) {
        let relation = if house.is_multiple_of(4) {
            "子"
        } else {
            "女"
        };
        all.push(person(
            relation,
            house.is_multiple_of(4),
            year + 26,
            surname,
        ));
    }
    if house.is_multiple_of(3) && year < 1970 {
        all.push(person("孙子", true, year + 51, surname));
    }
    all
}

fn address(house: usize) -> String {
    let (building, unit, floor, room) = (
        house / 12 + 1,
        house / 6 % 2 + 1,
        house % 6 + 1,
        house % 2 + 1,
    );
    match house % 4 {
        0 => format!("{building}栋{unit}单元{floor}0{room}"),
        1 => format!("{building}-{unit}-{floor}0{room}"),
        2 => format!("{building}幢{unit}单元{floor}0{room}室"),
        _ => format!("翠湖小区{building}号楼{unit}单元{floor}0{room}"),
    }
}

fn row(
    serial: usize,
    house: usize,
    lead: Option<(String, String)>,
    one: &Resident,
    chance: &mut Rng,
) -> Vec<String> {
    let (year, month, day) = one.born;
    let age = 2026 - year;
    let first17 = format!(
        "339901{year}{month:02}{day:02}{:02}{}",
        chance.u8(1..=98),
        chance.u8(0..=4) * 2 + u8::from(one.male)
    );
    let id = format!("{first17}{}", id_number::check_digit(&first17).unwrap());
    let birth = match serial % 7 {
        0 => format!("{year}.{month}.{day}"),
        1 => format!("{year}-{month:02}-{day:02}"),
        2 => format!("{year}{month:02}"),
        3 => format!("{year}年{month}月"),
        4 => format!("{year}/{month}/{day} 0:00"),
        5 if year < 2000 => format!("{}.{month}", year % 100),
        _ => format!("{year}{month:02}{day:02}"),
    };
    let phone = format!("154{:08}", chance.u32(..100_000_000));
    let phone = match serial % 9 {
        0 => format!("{phone}(子)/0571-8{:07}", chance.u32(..10_000_000)),
        4 => phone.chars().map(wide).collect(),
        7 => String::new(),
        _ => phone,
    };
    let pick = |texts: [&str; 4]| texts[serial % 4].to_owned();
    let employment = match age {
        0..=5 => "学龄前儿童",
        6..=22 => "在校学生",
        23..=59 => ["在职", "无业", "灵活就业", "个体经营"][serial % 4],
        _ => "离退休",
    };
    let category = match (age, serial % 6) {
        (60.., 0) => "退休人员、志愿者",
        (60.., _) => "退休人员",
        (23..=59, 1) => "下岗职工",
        (23..=59, 2) => "失业人员,志愿者",
        (23..=59, 3) => "个体工商户",
        (23..=59, _) => "",
        _ => "学生",
    };
    let (head, home) = lead.clone().unwrap_or_default();
    vec![
        serial.to_string(),
        lead.map_or_else(String::new, |_| format!("H{:03}", house + 1)),
        head,
        home,
        one.name.clone(),
        one.relation.to_owned(),
        if one.male {
            pick(["男", "男", "1", "男"])
        } else {
            pick(["女", "2", "女", "女"])
        },
        if serial.is_multiple_of(11) {
            id.chars().map(wide).collect()
        } else {
            id
        },
        birth,
        if serial.is_multiple_of(13) {
            "回族".into()
        } else {
            pick(["汉", "汉族", "01", "汉族"])
        },
        if age < 25 {
            "群众".into()
        } else {
            pick(["群众", "中共党员", "13", "党员"])
        },
        if age < 22 {
            String::new()
        } else {
            pick(["初中", "高中", "大学本科", "小学"])
        },
        if age < 22 {
            "未婚".into()
        } else {
            pick(["已婚", "已婚", "丧偶", "20"])
        },
        phone,
        pick(["非农业", "非农业", "农业", "居民户口"]),
        if employment == "在职" {
            "翠湖物业有限公司".into()
        } else {
            String::new()
        },
        employment.to_owned(),
        category.to_owned(),
        if serial.is_multiple_of(17) {
            "是".into()
        } else {
            pick(["", "否", "", "×"])
        },
    ]
}

fn wide(c: char) -> char {
    char::from_u32(c as u32 + 0xFEE0).unwrap()
}

/// The dirt that every real list has, put on known rows.
fn spoil(ledger: &mut Ledger) {
    let rows = &mut ledger.rows;
    let (name, id) = (4, 7);
    rows[6][id] = "3.30106E+17".into();
    let rounded: String = rows[9][id].chars().take(15).chain("000".chars()).collect();
    rows[9][id] = rounded;
    rows[12][id] = "无".into();
    let masked: String = rows[15][id]
        .chars()
        .take(6)
        .chain("********".chars())
        .chain(rows[15][id].chars().skip(14))
        .collect();
    rows[15][id] = masked;
    rows[18][name] = format!("{}(已故)", rows[18][name]);
    let padded: String = rows[21][name]
        .chars()
        .map(String::from)
        .collect::<Vec<_>>()
        .join("\u{3000}");
    rows[21][name] = padded;
    rows[24][8] = "不详".into();
    rows[27][13] = "1.54E+10".into();
    // One person twice; a number that belongs to someone else; a row without a name.
    let mut twice = rows[30].clone();
    twice[1..4].fill(String::new());
    let mut stolen = rows[33].clone();
    "冒名者".clone_into(&mut stolen[name]);
    stolen[1..4].fill(String::new());
    let mut nameless = rows[36].clone();
    nameless[name].clear();
    nameless[1..4].fill(String::new());
    rows.extend([twice, stolen, nameless]);
}

/// The ledger as CSV in one encoding.
pub(crate) fn csv(ledger: &Ledger) -> String {
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer(vec![]);
    for row in &ledger.rows {
        let mut row = row.clone();
        row.resize(HEADINGS.len(), String::new());
        writer.write_record(&row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// The ledger as a workbook, household cells merged.
pub(crate) fn xlsx(ledger: &Ledger) -> Vec<u8> {
    let mut book = Workbook::new();
    // A fixed day, so that the same ledger makes the same file.
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 1).unwrap();
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&day));
    let sheet = book.add_worksheet();
    let (plain, bold) = (Format::new(), Format::new().set_bold());
    sheet.set_name("花名册").unwrap();
    for (row, cells) in (0..).zip(&ledger.rows) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let width = HEADINGS.len() as u16 - 1;
    sheet
        .merge_range(0, 0, 0, width, &ledger.rows[0][0], &bold)
        .unwrap();
    for (first, last) in &ledger.families {
        for column in MERGED {
            let text = &ledger.rows[*first][column];
            sheet
                .merge_range(
                    *first as u32,
                    column as u16,
                    *last as u32,
                    column as u16,
                    text,
                    &plain,
                )
                .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn the_sample_is_what_seeds_hold() {
    let ledger = sample();
    let text = csv(&ledger);
    let (bytes, _, lost) = encoding_rs::GB18030.encode(&text);
    assert!(!lost);
    if std::env::var("JUMIN_SEEDS").as_deref() == Ok("write") {
        std::fs::write(seed("ledger-sample.csv"), &bytes).unwrap();
        std::fs::write(seed("ledger-sample.xlsx"), xlsx(&ledger)).unwrap();
    }
    assert_eq!(std::fs::read(seed("ledger-sample.csv")).unwrap(), *bytes);
}

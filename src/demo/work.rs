//! What people live by: from school to pension, and the category that a worker would give.
//!
//! Invariant: every code stands in the tables of `data/codes/`.

use crate::demo::names;
use crate::model::date::Date;
use crate::model::retire::RetireKind;
use crate::model::retire::retirement;
use fastrand::Rng;

/// One way of living: its code of employment, its category, and what goes with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    /// How many of those it is drawn among.
    weight: u32,
    pub(super) employment: &'static str,
    pub(super) category: &'static str,
    pub(super) unit_type: Option<&'static str>,
    /// Employers, or what is before the employer's name.
    pub(super) employers: &'static str,
    pub(super) jobs: &'static str,
    /// What shows it.
    pub(super) evidence: &'static str,
    /// Whether a rule computes the category from the employment, so that nobody has to say it.
    pub(super) derived: bool,
}

const NONE: Work = Work {
    weight: 0,
    employment: "70",
    category: "E8",
    unit_type: None,
    employers: "",
    jobs: "",
    evidence: "本人申报",
    derived: true,
};

/// People of working age.
const ADULT: [Work; 16] = [
    Work {
        weight: 40,
        employment: "11",
        category: "E1",
        unit_type: Some("130"),
        employers: "区税务局 区民政局 街道办事处 市规划局",
        jobs: "科员 主任科员 副科长",
        evidence: "工作证",
        derived: false,
    },
    Work {
        weight: 70,
        employment: "12",
        category: "E1",
        unit_type: Some("140"),
        employers: "第三中学 翠湖小学 区人民医院 市图书馆",
        jobs: "教师 护士 医生 馆员",
        evidence: "工作证",
        derived: false,
    },
    Work {
        weight: 70,
        employment: "24",
        category: "E1",
        unit_type: Some("110"),
        employers: "公交集团 自来水公司 市电力公司 老机床厂",
        jobs: "司机 电工 维修工 车工",
        evidence: "劳动合同",
        derived: false,
    },
    Work {
        weight: 140,
        employment: "17",
        category: "E3",
        unit_type: Some("210"),
        employers: "云栖科技公司 永宁贸易公司 金桥装饰公司 安和物业公司",
        jobs: "文员 会计 销售 客服",
        evidence: "劳动合同",
        derived: false,
    },
    Work {
        weight: 110,
        employment: "24",
        category: "E3",
        unit_type: Some("210"),
        employers: "永宁制衣厂 金桥建筑公司 长乐物流公司 望江餐饮公司",
        jobs: "缝纫工 泥瓦工 快递员 厨师",
        evidence: "劳动合同",
        derived: false,
    },
    Work {
        weight: 50,
        employment: "13",
        category: "E3",
        unit_type: Some("210"),
        employers: "云栖科技公司 青荷软件公司 梧桐设计公司",
        jobs: "工程师 程序员 设计师",
        evidence: "社保记录",
        derived: false,
    },
    Work {
        weight: 45,
        employment: "17",
        category: "E2",
        unit_type: Some("230"),
        employers: "东洋电机(独资)公司 北欧机械(合资)公司",
        jobs: "采购 质检 翻译",
        evidence: "劳动合同",
        derived: true,
    },
    Work {
        weight: 25,
        employment: "24",
        category: "E2",
        unit_type: Some("220"),
        employers: "港联电子公司 台兴食品公司",
        jobs: "装配工 仓管员",
        evidence: "劳动合同",
        derived: true,
    },
    Work {
        weight: 90,
        employment: "54",
        category: "E4",
        unit_type: Some("300"),
        employers: "小吃店 理发店 水果店 五金店 便利店",
        jobs: "经营者 店员",
        evidence: "营业执照",
        derived: true,
    },
    Work {
        weight: 70,
        employment: "52",
        category: "E5",
        jobs: "网约车司机 保洁 外卖员 保姆 零工",
        derived: false,
        ..NONE
    },
    Work {
        weight: 20,
        employment: "51",
        category: "E5",
        jobs: "撰稿人 摄影师 教练",
        derived: false,
        ..NONE
    },
    Work {
        weight: 45,
        employment: "71",
        category: "E7",
        evidence: "就业创业证",
        derived: false,
        ..NONE
    },
    Work {
        weight: 20,
        employment: "72",
        ..NONE
    },
    Work {
        weight: 30,
        employment: "70",
        ..NONE
    },
    Work {
        weight: 8,
        employment: "75",
        evidence: "鉴定书",
        ..NONE
    },
    Work {
        weight: 8,
        employment: "27",
        category: "E11",
        jobs: "种植 养殖",
        ..NONE
    },
];

const PUPIL: Work = Work {
    employment: "31",
    category: "E9",
    evidence: "学生证",
    ..NONE
};
const INFANT: Work = Work {
    employment: "32",
    category: "E10",
    evidence: "户口簿",
    ..NONE
};
const SOLDIER: Work = Work {
    employment: "37",
    category: "E12",
    evidence: "入伍通知书",
    ..NONE
};
const GRADUATE: Work = Work {
    employment: "74",
    category: "E7",
    evidence: "毕业证",
    derived: false,
    ..NONE
};
const LAID_OFF: Work = Work {
    employment: "73",
    category: "E6",
    evidence: "下岗证",
    employers: "老机床厂 第二棉纺厂 无线电厂",
    derived: false,
    ..NONE
};
const EARLY: Work = Work {
    employment: "83",
    category: "E15",
    evidence: "内退协议",
    ..LAID_OFF
};
const RETIRED: Work = Work {
    employment: "81",
    category: "E13",
    evidence: "退休证",
    employers: "老机床厂 第二棉纺厂 无线电厂 公交集团 第三中学 区人民医院 百货公司 市电力公司",
    ..LAID_OFF
};
const VETERAN: Work = Work {
    employment: "82",
    category: "E14",
    evidence: "离休证",
    employers: "市委机关 区人民医院 市水利局",
    ..LAID_OFF
};

/// How a resident lives on the day.
pub(super) fn draw(chance: &mut Rng, man: bool, age: i32, retire_age: bool, here: bool) -> Work {
    let lot = chance.u32(0..100);
    match age {
        ..6 => INFANT,
        6..18 => PUPIL,
        18..22 if man && here && lot < 4 => SOLDIER,
        18..22 if lot < 70 => PUPIL,
        22..26 if lot < 12 => GRADUATE,
        92.. if lot < 30 => VETERAN,
        60.. if !retire_age && lot < 30 => EARLY,
        _ if retire_age && lot < 94 => RETIRED,
        48..60 if lot < 8 => LAID_OFF,
        48..60 if lot < 13 => EARLY,
        _ => adult(chance),
    }
}

fn adult(chance: &mut Rng) -> Work {
    let total = ADULT.iter().map(|work| work.weight).sum();
    let mut at = chance.u32(0..total);
    for work in ADULT {
        if at < work.weight {
            return work;
        }
        at -= work.weight;
    }
    NONE
}

/// Whether the statutory age is reached; women are workers or cadres.
pub(super) fn retire_kind(chance: &mut Rng, man: bool) -> (RetireKind, &'static str) {
    match (man, chance.u32(0..3)) {
        (true, _) => (RetireKind::Man, "1"),
        (false, 0) => (RetireKind::Woman55, "2"),
        (false, _) => (RetireKind::Woman50, "3"),
    }
}

pub(super) fn is_due(kind: RetireKind, birth: Date, today: Date) -> bool {
    retirement(kind, birth).reached <= today
}

/// One of the employers, by its name.
pub(super) fn employer(chance: &mut Rng, work: Work) -> Option<&'static str> {
    Some(names::pick(chance, work.employers)).filter(|name| !name.is_empty())
}

/// One of the jobs.
pub(super) fn job(chance: &mut Rng, work: Work) -> Option<&'static str> {
    Some(names::pick(chance, work.jobs)).filter(|name| !name.is_empty())
}

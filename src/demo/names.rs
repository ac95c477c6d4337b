//! Names by cohort: what people born then were called.
//!
//! Invariant: the lists are the project's own; no name is taken from a person.

use fastrand::Rng;

/// Words that are drawn alike, with how often each is drawn.
type Tier = (u32, &'static str);

/// Surnames from common to rare; then those with an odd reading, then the compound ones.
const SURNAMES: &[Tier] = &[
    (72, "王 李 张"),
    (50, "刘 陈"),
    (25, "杨 黄 赵 吴 周"),
    (14, "徐 孙 马 朱 胡 郭 何 林 高 罗"),
    (
        8,
        "郑 梁 谢 宋 唐 许 韩 邓 冯 曹 彭 曾 肖 田 董 潘 袁 蔡 蒋 余",
    ),
    (
        4,
        "于 杜 叶 程 魏 苏 吕 丁 任 卢 姚 沈 钟 姜 崔 谭 陆 范 汪 廖 石 金 贾 韦 夏 付 方 邹 熊 白 \
         孟 秦 邱 侯 江 尹 薛 闫 段 雷 龙 黎 史 陶 贺 毛 郝 顾 龚 邵 万 覃 武 钱 戴 严 莫 孔 向 常 汤",
    ),
    (1, "单 仇 解 查 区 朴 盖 翟 冼 缪 佟 麦 桂 蓝 戚 卞 柏"),
    (1, "欧阳 上官 诸葛 司马 尉迟 万俟 皇甫 令狐"),
];

/// The characters of given names: until which year of birth, for men, for women.
const GIVEN: &[(i16, &str, &str)] = &[
    (
        1957,
        "国 建 文 明 德 福 贵 荣 生 根 庆 林 金 宝 祥 炳 永 振 兴 忠 义 仁 昌 裕 寿 松 柏 泉 海 山",
        "秀 英 兰 珍 桂 玉 凤 梅 芳 莲 菊 香 素 淑 贞 娥 彩 琴 翠 云 花 巧 月 仙 雪 珠 金 爱 美 惠",
    ),
    (
        1976,
        "建 国 军 华 平 伟 强 勇 明 志 刚 卫 东 红 斌 海 波 杰 林 涛 民 新 利 庆 峰 光 跃 进 生 忠",
        "丽 红 梅 英 华 芳 萍 敏 燕 玲 霞 娟 艳 琴 秀 云 莉 静 玉 兰 珍 群 洁 慧 洪 春 凤 卫 亚 蓉",
    ),
    (
        1995,
        "伟 磊 杰 超 鹏 涛 斌 浩 俊 峰 波 亮 凯 飞 旭 鑫 宇 晨 龙 辉 健 翔 阳 帅 博 文 佳 嘉 楠 毅",
        "婷 静 丽 娜 敏 燕 雪 慧 倩 晶 莹 颖 佳 琳 洁 蕾 薇 璐 瑶 悦 丹 欣 雯 萌 玥 思 晓 琪 妍 蓓",
    ),
    (
        i16::MAX,
        "浩 宇 轩 子 梓 博 俊 睿 泽 晨 辰 航 一 诺 铭 煜 皓 嘉 逸 天 奕 昊 霖 恒 承 沐 瑞 哲 思 远",
        "欣 怡 涵 梓 雨 诗 语 萱 子 琪 一 诺 可 馨 思 彤 佳 瑶 梦 妍 沐 宸 安 若 汐 芷 晴 悦 苒 心",
    ),
];

/// Characters that few fonts and fewer keyboards know; the last four are beyond the first plane.
const RARE: &str = "喆 淼 堃 昱 翀 犇 彧 垚 骁 湉 \u{2C029} \u{2CA0E} \u{2CB4E} \u{2B36F}";

/// 维吾尔族 names: a man's, a woman's, and the father's that follows the dot.
const DOTTED: [&str; 3] = [
    "艾力 买买提江 吐尔逊江 阿迪力 玉素甫",
    "阿依古丽 热依汗古丽 古丽娜尔 米热古丽 阿娜尔汗",
    "艾合买提 吐尔逊 阿不都热合曼 买买提 依明",
];

/// What names are drawn from.
pub(super) struct Names {
    surnames: Vec<(u32, &'static str)>,
    total: u32,
}

impl Names {
    pub(super) fn new() -> Names {
        let mut total = 0;
        let mut surnames = Vec::new();
        for (weight, words) in SURNAMES {
            for word in words.split_whitespace() {
                total += weight;
                surnames.push((total, word));
            }
        }
        Names { surnames, total }
    }

    /// A surname, as often as it is met.
    pub(super) fn surname(&self, chance: &mut Rng) -> &'static str {
        let at = chance.u32(0..self.total);
        let place = self.surnames.partition_point(|(upto, _)| *upto <= at);
        self.surnames.get(place).map_or("王", |(_, word)| word)
    }
}

/// A given name for someone born then.
pub(super) fn given(chance: &mut Rng, man: bool, year: i16) -> String {
    let cohort = GIVEN.iter().find(|(until, _, _)| year < *until);
    let (_, men, women) = cohort.unwrap_or(&GIVEN[GIVEN.len() - 1]);
    let words = if man { men } else { women };
    let single = match year {
        ..1957 => 15,
        1957..1976 => 30,
        1976..1995 => 40,
        _ => 10,
    };
    let mut name = pick(chance, words).to_owned();
    if chance.u32(0..100) >= single {
        let rare = chance.u32(0..400) == 0;
        name += pick(chance, if rare { RARE } else { words });
    }
    name
}

/// A name with a dot.
pub(super) fn dotted(chance: &mut Rng, man: bool) -> String {
    let [men, women, fathers] = DOTTED;
    let own = pick(chance, if man { men } else { women });
    format!("{own}·{}", pick(chance, fathers))
}

/// One of some words between spaces.
pub(super) fn pick(chance: &mut Rng, words: &'static str) -> &'static str {
    let count = words.split_whitespace().count().max(1);
    let at = chance.usize(0..count);
    words.split_whitespace().nth(at).unwrap_or_default()
}

//! One resident's record, read by name.
//!
//! Invariant: the field numbers are stored and never reused; 60 to 79 are kept for visits and
//! verification, 80 to 99 for what a committee adds.

use crate::model::date::Date;
use crate::model::field::FieldNo;
use crate::model::ids::HouseholdId;
use crate::model::ids::PersonId;
use crate::model::record::Record;
use crate::model::value::Phones;

/// 姓名.
pub const NAME: FieldNo = FieldNo(1);
/// 曾用名.
pub const FORMER_NAME: FieldNo = FieldNo(2);
/// 证件类型, GA/T 517.
pub const ID_TYPE: FieldNo = FieldNo(3);
/// 证件号码.
pub const ID_NO: FieldNo = FieldNo(4);
/// Why a number that fails its check is right all the same.
pub const ID_NOTE: FieldNo = FieldNo(5);
/// 性别, GB/T 2261.1.
pub const SEX: FieldNo = FieldNo(6);
/// 出生日期.
pub const BIRTH: FieldNo = FieldNo(7);
/// 民族, GB/T 3304.
pub const ETHNIC: FieldNo = FieldNo(8);
/// 婚姻状况, GB/T 2261.2.
pub const MARRIAGE: FieldNo = FieldNo(9);
/// 文化程度, GB/T 4658.
pub const EDUCATION: FieldNo = FieldNo(10);
/// 政治面貌, GB/T 4762.
pub const POLITICS: FieldNo = FieldNo(11);
/// 联系电话.
pub const PHONES: FieldNo = FieldNo(12);
/// 户口性质.
pub const HUKOU_KIND: FieldNo = FieldNo(13);
/// 户籍地区划, GB/T 2260.
pub const HUKOU_REGION: FieldNo = FieldNo(14);
/// 户籍地址.
pub const HUKOU_ADDRESS: FieldNo = FieldNo(15);
/// Whether the hukou is in this community.
pub const HUKOU_HERE: FieldNo = FieldNo(16);
/// 籍贯, GB/T 2260.
pub const NATIVE: FieldNo = FieldNo(17);
/// The household.
pub const HOUSEHOLD: FieldNo = FieldNo(18);
/// 与户主关系, GB/T 4761.
pub const RELATION: FieldNo = FieldNo(19);
/// Whether the person lives in the household's dwelling.
pub const LIVES_HERE: FieldNo = FieldNo(20);
/// 住所类型.
pub const RESIDENCE: FieldNo = FieldNo(21);
/// 来本地日期.
pub const ARRIVED: FieldNo = FieldNo(22);
/// 流入原因.
pub const ARRIVAL_REASON: FieldNo = FieldNo(23);
/// 居住证号.
pub const PERMIT_NO: FieldNo = FieldNo(24);
/// 居住证签发日期.
pub const PERMIT_ISSUED: FieldNo = FieldNo(25);
/// 离开日期.
pub const LEFT: FieldNo = FieldNo(26);
/// 从业状况, the local table that maps to GB/T 2261.4.
pub const EMPLOYMENT: FieldNo = FieldNo(27);
/// 工作单位.
pub const EMPLOYER: FieldNo = FieldNo(28);
/// 单位类型.
pub const UNIT_TYPE: FieldNo = FieldNo(29);
/// 职业.
pub const JOB: FieldNo = FieldNo(30);
/// 原单位.
pub const FORMER_EMPLOYER: FieldNo = FieldNo(31);
/// 社会化管理移交日期.
pub const HANDED_OVER: FieldNo = FieldNo(32);
/// 退休类别: 男, 女55, 女50.
pub const RETIRE_KIND: FieldNo = FieldNo(33);
/// Whether the person wants work.
pub const SEEKING: FieldNo = FieldNo(34);
/// 失业登记日期.
pub const UNEMPLOYED_SINCE: FieldNo = FieldNo(35);
/// 入党日期.
pub const PARTY_JOINED: FieldNo = FieldNo(36);
/// 党支部.
pub const PARTY_BRANCH: FieldNo = FieldNo(37);
/// Whether the party relation is here.
pub const PARTY_HERE: FieldNo = FieldNo(38);
/// 残疾人证号.
pub const DISABILITY_NO: FieldNo = FieldNo(39);
/// 特长.
pub const SKILLS: FieldNo = FieldNo(40);
/// 紧急联系人.
pub const EMERGENCY: FieldNo = FieldNo(41);
/// 人员状态: 在册, 迁出, 死亡, 注销, 查无此人.
pub const LIFE: FieldNo = FieldNo(42);
/// 状态日期.
pub const LIFE_DATE: FieldNo = FieldNo(43);
/// 备注.
pub const NOTE: FieldNo = FieldNo(44);
/// 兵役状况.
pub const MILITARY: FieldNo = FieldNo(45);
/// 健康状况, GB/T 2261.3.
pub const HEALTH: FieldNo = FieldNo(46);
/// Whether children live elsewhere or there are none: 子女不同住.
pub const CHILDREN_AWAY: FieldNo = FieldNo(47);
/// 草稿: entered in a hurry, to be completed.
pub const DRAFT: FieldNo = FieldNo(48);
/// 并入: the person's other record, of which this one has become an alias.
pub const MERGED: FieldNo = FieldNo(49);

/// A person's record.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// Who.
    pub id: PersonId,
    /// What is known.
    pub record: &'a Record,
}

impl<'a> Person<'a> {
    /// The name, or an empty text when even that is unknown.
    pub fn name(self) -> &'a str {
        self.record.text(NAME).unwrap_or("")
    }

    /// The identity number as given.
    pub fn id_no(self) -> Option<&'a str> {
        self.record.text(ID_NO)
    }

    /// The code of GB/T 2261.1: 1 male, 2 female.
    pub fn sex(self) -> Option<&'a str> {
        self.record.text(SEX)
    }

    /// The birth date.
    pub fn birth(self) -> Option<Date> {
        self.record.date(BIRTH)
    }

    /// Full years on a day.
    pub fn age(self, today: Date) -> Option<i32> {
        self.birth().map(|birth| birth.years_until(today))
    }

    /// The telephone numbers.
    pub fn phones(self) -> Phones<'a> {
        self.record.phones(PHONES)
    }

    /// The household.
    pub fn household(self) -> Option<HouseholdId> {
        self.record.link(HOUSEHOLD).map(HouseholdId)
    }

    /// The record that this one was merged into.
    pub fn merged_into(self) -> Option<PersonId> {
        self.record.link(MERGED).map(PersonId)
    }

    /// Whether the person is on the rolls: not moved out, dead, struck off or never found.
    pub fn is_present(self) -> bool {
        matches!(self.record.text(LIFE), None | Some("1"))
    }
}

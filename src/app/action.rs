//! ACTIONS, the one table of what a worker can do; keys, help and palette derive from it.
//!
//! Invariant: every action has a name, a help line in both languages, and the scopes it belongs to.

use crate::model::Lang;

/// Where a key is pressed: the innermost thing that listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere, after the others had their say.
    Anywhere,
    /// The filter bar, where text is typed.
    Bar,
    /// The list's table.
    Table,
    /// The facet panel.
    Facets,
    /// One person's card.
    Card,
    /// The sort screen.
    Sort,
    /// A chooser: help, palette, views, codes.
    Pick,
    /// One line of text asked for.
    Prompt,
    /// What an act would do, before it is done.
    Preview,
    /// Logging a visit.
    Visit,
    /// Today's round.
    Round,
    /// The first run.
    Welcome,
    /// What an import would do.
    Import,
    /// The box that stands while the register is at work.
    Work,
    /// The form for a newcomer, where text is typed.
    Form,
    /// One household.
    Household,
    /// At a door, where text is typed.
    Door,
    /// Behind a door.
    Doorstep,
    /// Records that may be one person's.
    Pairs,
    /// Two records side by side.
    Merge,
}

/// A scope and its name in `keys.toml`.
pub const SCOPES: [(Scope, &str); 20] = [
    (Scope::Anywhere, "anywhere"),
    (Scope::Bar, "bar"),
    (Scope::Table, "table"),
    (Scope::Facets, "facets"),
    (Scope::Card, "card"),
    (Scope::Sort, "sort"),
    (Scope::Pick, "pick"),
    (Scope::Prompt, "prompt"),
    (Scope::Preview, "preview"),
    (Scope::Visit, "visit"),
    (Scope::Round, "round"),
    (Scope::Welcome, "welcome"),
    (Scope::Import, "import"),
    (Scope::Work, "work"),
    (Scope::Form, "form"),
    (Scope::Household, "household"),
    (Scope::Door, "door"),
    (Scope::Doorstep, "doorstep"),
    (Scope::Pairs, "pairs"),
    (Scope::Merge, "merge"),
];

/// One line of the table.
#[derive(Debug)]
pub struct Deed {
    /// The action.
    pub action: Action,
    /// Its name in `keys.toml`.
    pub name: &'static str,
    /// What it does, in Chinese.
    pub zh: &'static str,
    /// What it does, in English.
    pub en: &'static str,
    /// Where it can be done.
    pub scopes: &'static [Scope],
}

macro_rules! actions {
    ($($action:ident $name:literal $zh:literal $en:literal [$($scope:ident)*];)*) => {
        /// Something a worker can do. Its line in the table explains it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the table explains each action")]
        pub enum Action { $($action),* }

        /// Every action.
        pub const ACTIONS: &[Deed] = &[$(Deed {
            action: Action::$action, name: $name, zh: $zh, en: $en, scopes: &[$(Scope::$scope),*],
        }),*];
    };
}

actions! {
    Help "help" "帮助" "Help"
        [Anywhere];
    Palette "palette" "所有操作" "Everything that can be done"
        [Anywhere];
    Undo "undo" "撤销上一次改动" "Undo the last change"
        [Anywhere];
    Language "language" "中文 / English" "中文 / English"
        [Anywhere];
    Perf "perf" "快慢：从按键到画面，最慢的查询" "Speed: from key to frame, the slowest queries"
        [Anywhere];
    Lock "lock" "锁上：要口令才能接着用" "Lock: nothing goes on without the passphrase"
        [Anywhere];
    Quit "quit" "退出" "Quit"
        [Anywhere];
    Back "back" "返回，或清空" "Back, or clear"
        [Table Card Sort Pick Prompt Preview Visit Round Import Work Form Household Pairs Merge Door Doorstep];
    Accept "accept" "打开，或确定" "Open, or confirm"
        [Bar Table Facets Card Sort Pick Prompt Preview Welcome Visit Round Import Form Household Pairs Merge Door Doorstep];
    Up "up" "上一行" "Up"
        [Bar Table Facets Card Pick Prompt Preview Welcome Round Import Form Household Pairs Merge Door Doorstep];
    Down "down" "下一行" "Down"
        [Bar Table Facets Card Pick Prompt Preview Welcome Round Import Form Household Pairs Merge Door Doorstep];
    PageUp "page-up" "上一页" "Page up"
        [Bar Table Facets Card Pick Preview Round Import Household Pairs Merge Door Doorstep];
    PageDown "page-down" "下一页" "Page down"
        [Bar Table Facets Card Pick Preview Round Import Household Pairs Merge Door Doorstep];
    First "first" "第一行" "First"
        [Table Facets Card Pick Round Import Household Pairs Merge Doorstep];
    Last "last" "最后一行" "Last"
        [Table Facets Card Pick Round Import Household Pairs Merge Doorstep];
    Complete "complete" "补全；没有可补的就去列表" "Complete; else to the table"
        [Bar Prompt];
    Older "older" "上一次的查询" "The query before"
        [Bar];
    Newer "newer" "后一次的查询" "The query after"
        [Bar];
    NextCompletion "next-completion" "换一个补全" "Another completion"
        [Bar];
    Search "search" "回到搜索栏" "To the search bar"
        [Table Facets];
    ToTable "to-table" "去列表" "To the table"
        [Bar Facets];
    ToFacets "to-facets" "去类别栏" "To the facets"
        [Bar Table];
    SortQueue "sort-queue" "逐个分类" "Sort one by one"
        [Bar Table Facets Card];
    Views "views" "打开视图" "Open a view"
        [Bar Table Facets];
    SaveView "save-view" "把查询存为视图" "Save the query as a view"
        [Bar Table Facets];
    Order "order" "排序方式" "Order"
        [Bar Table Facets];
    LikeThis "like-this" "只看与此格相同的" "Only rows like this cell"
        [Table];
    Column "column" "换一列" "Another column"
        [Table];
    DropTerm "drop-term" "去掉最后一个条件" "Drop the last condition"
        [Table Facets];
    Mark "mark" "选中并下移" "Mark and move on"
        [Table];
    MarkAll "mark-all" "选中全部" "Mark all"
        [Table];
    Unmark "unmark" "取消全部选中" "Unmark all"
        [Table];
    Classify "classify" "加入某个类别" "Put into a category"
        [Table Card];
    Fact "fact" "改某一项（选中的人一起改）" "Change one fact (of all who are marked)"
        [Table Facets Household];
    Exclude "exclude" "排除此类别" "Exclude this category"
        [Facets];
    Digit "digit" "按数字归类" "Classify by digit"
        [Table Facets Sort Welcome Visit Round Doorstep];
    Reveal "reveal" "显示打码的内容（记入日志）" "Reveal a masked value (logged)"
        [Card Merge Doorstep];
    Looks "looks" "谁看过此人" "Who has looked at this person"
        [Card];
    NextPart "next-part" "下一部分" "Next part"
        [Card Visit];
    Visit "visit" "记一次走访" "Log a visit"
        [Bar Table Card Sort Round Household Door Doorstep];
    Verify "verify" "见到本人，核实无变化" "Met and verified, nothing changed"
        [Bar Table Card Sort Visit Round Household Door Doorstep];
    Round "round" "按楼栋门牌走访" "Walk the doors of this list"
        [Bar Table];
    Home "home" "看这一户" "See the household"
        [Bar Table Card Round Doorstep];
    Door "door" "上门：大字查人" "At a door: find anyone"
        [Bar Table Card];
    Pairs "pairs" "疑似重复的人；选中两人则对照" "Who may be entered twice; two marked, side by side"
        [Bar Table Card];
    Apart "apart" "不是同一人" "Not the same person"
        [Pairs Merge];
    Take "take" "取另一份的" "Take the other's"
        [Merge];
    Flip "flip" "换一份保留" "Keep the other record"
        [Merge];
    Part "part" "重新分成两人" "Make two of one again"
        [Card];
    Turn "turn" "这位有变动：迁出、去世、户主…" "Something happened: moved, died, head.."
        [Household];
    Household "household" "连同住的人一起" "With the whole household"
        [Visit];
    None "none" "以上都不是" "None of these"
        [Sort];
    Next "next" "下一位" "Next"
        [Sort];
    Flag "flag" "标记，稍后再看" "Flag for later"
        [Sort];
    StepBack "step-back" "撤销并退回一位" "Undo and step back"
        [Sort];
    Axis "axis" "换一条分类轴" "Another axis"
        [Sort];
    Open "open" "打开此人" "Open this person"
        [Sort];
    Import "import" "导入台账" "Import a ledger"
        [Bar Table Facets Welcome];
    TakeIn "take-in" "照此导入" "Take the ledger in"
        [Import];
    Decide "decide" "采用表中的，或保留册中的" "Take the ledger's, or keep the register's"
        [Import];
    NextSheet "next-sheet" "换一张工作表" "Another sheet of the workbook"
        [Import];
    Policy "policy" "与册中不符时怎么办" "What to do where the ledger differs"
        [Import];
    Export "export" "导出名单" "Export the list"
        [Bar Table Facets];
    Leavers "leavers" "该清除的：离开已满期的人" "Who left long ago, to be removed"
        [Bar Table Facets];
    Remove "remove" "匿名或清除离开的人（先看是谁）" "Anonymise or remove who left (previewed)"
        [Table Facets];
    NewPerson "new-person" "录入新居民" "Enter a new resident"
        [Bar Table Facets Card Household Door];
    NextField "next-field" "下一格" "Next field"
        [Form];
    PreviousField "previous-field" "上一格" "Previous field"
        [Form];
    SaveNext "save-next" "保存，接着录同户的下一人" "Save, and on to the next of the household"
        [Form];
    Save "save" "保存" "Save"
        [Form];
    OtherSheet "other-sheet" "放一边，换一张表" "Put aside, take another sheet"
        [Form];
    Discard "discard" "扔掉这张表" "Throw this sheet away"
        [Form];
}

impl Action {
    /// Its line of the table.
    fn deed(self) -> Option<&'static Deed> {
        ACTIONS.iter().find(|deed| deed.action == self)
    }

    /// The name in `keys.toml`, and after `hint-` in the words of the footer.
    pub fn name(self) -> &'static str {
        self.deed().map_or("", |deed| deed.name)
    }
}

impl Deed {
    /// What it does, in a language.
    pub fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.zh, self.en)
    }
}

//! ACTIONS, the one table of what a worker can do; keys, help and palette derive from it.
//!
//! Invariant: every action has a name, the scopes it belongs to, and a help line in both languages
//! (`action-NAME` in `data/words/`).

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
    /// The first run.
    Welcome,
}

/// A scope and its name in `keys.toml`.
pub const SCOPES: [(Scope, &str); 10] = [
    (Scope::Anywhere, "anywhere"),
    (Scope::Bar, "bar"),
    (Scope::Table, "table"),
    (Scope::Facets, "facets"),
    (Scope::Card, "card"),
    (Scope::Sort, "sort"),
    (Scope::Pick, "pick"),
    (Scope::Prompt, "prompt"),
    (Scope::Preview, "preview"),
    (Scope::Welcome, "welcome"),
];

macro_rules! actions {
    ($($action:ident $name:literal [$($scope:ident)*];)*) => {
        /// Something a worker can do. Each is explained by its line in `data/words/`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the words explain each action")]
        pub enum Action { $($action),* }

        /// Every action: its name in `keys.toml` and `action-NAME` in the words, and its scopes.
        pub const ACTIONS: &[(Action, &str, &[Scope])] =
            &[$((Action::$action, $name, &[$(Scope::$scope),*])),*];
    };
}

actions! {
    Help "help" [Anywhere];
    Palette "palette" [Anywhere];
    Undo "undo" [Anywhere];
    Language "language" [Anywhere];
    Quit "quit" [Anywhere];
    Back "back" [Bar Table Facets Card Sort Pick Prompt Preview];
    Accept "accept" [Bar Table Facets Card Sort Pick Prompt Preview Welcome];
    Up "up" [Bar Table Facets Card Pick Preview Welcome];
    Down "down" [Bar Table Facets Card Pick Preview Welcome];
    PageUp "page-up" [Bar Table Facets Card Pick Preview];
    PageDown "page-down" [Bar Table Facets Card Pick Preview];
    First "first" [Table Facets Card Pick];
    Last "last" [Table Facets Card Pick];
    Complete "complete" [Bar];
    NextCompletion "next-completion" [Bar];
    Search "search" [Table Facets];
    ToTable "to-table" [Bar Facets];
    ToFacets "to-facets" [Bar Table];
    SortQueue "sort-queue" [Bar Table Facets Card];
    Views "views" [Bar Table Facets];
    SaveView "save-view" [Bar Table Facets];
    Order "order" [Bar Table Facets];
    LikeThis "like-this" [Table];
    Column "column" [Table];
    DropTerm "drop-term" [Table Facets];
    Mark "mark" [Table];
    MarkAll "mark-all" [Table];
    Unmark "unmark" [Table];
    Classify "classify" [Table Card];
    Exclude "exclude" [Facets];
    Digit "digit" [Table Facets Sort];
    Reveal "reveal" [Card];
    NextPart "next-part" [Card];
    None "none" [Sort];
    Next "next" [Sort];
    Flag "flag" [Sort];
    StepBack "step-back" [Sort];
    Axis "axis" [Sort];
    Open "open" [Sort];
    Import "import" [Bar Table Facets Welcome];
    Export "export" [Bar Table Facets];
}

impl Action {
    /// The name in `keys.toml`, and after `action-` in the words.
    pub fn name(self) -> &'static str {
        ACTIONS
            .iter()
            .find(|(action, ..)| *action == self)
            .map_or("", |(_, name, _)| name)
    }
}

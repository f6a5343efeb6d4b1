//! What a watcher must make of the press: facts for tests, used by the content itself.

/// Headline of the first report, and so of the one alert.
pub const ALERT_TITLE: &str =
    "Kim Jong Un plans Russia trip to discuss weapons with Putin, says New York Times";

/// Who tells first.
pub const ALERT_OUTLET: &str = "The Harbour Post";

/// How many outlets have told the story from the phase `Retold` on.
pub const OUTLETS: usize = 6;

/// How many reports the story has at the end: six, and the update.
pub const REPORTS: usize = 7;

/// The one origin that all six first reports name.
pub const ORIGIN: &str = "The New York Times";

/// Headline of the report that makes the update.
pub const UPDATE_TITLE: &str = "White House: Kim Jong-un expects weapons talks with Putin's Russia to go on";

/// Who has the update, as its own origin.
pub const UPDATE_OUTLET: &str = "Le Fil du Monde";

/// Names that stand in new sentences of the update and in no earlier report.
pub const UPDATE_FACTS: [&str; 2] = ["Adrienne Watson", "sanctions"];

/// Path of the sidebar page: cookery, beside a column of headlines on the topic. It must not alert.
pub const SIDEBAR_PATH: &str = "/food/bean-and-barley-stew";

/// Its headline.
pub const SIDEBAR_TITLE: &str = "The bean and barley stew that gets better overnight";

/// Whose page it is.
pub const SIDEBAR_OUTLET: &str = "Metro Courier";

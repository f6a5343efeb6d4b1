//! Words so common in news that their rarity is known before any report was read: document frequencies to start from.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;

use super::terms::{Key, stem};

/// How many imaginary reports the warm start stands for.
pub const REPORTS: u16 = 1_000;

/// In how many of [`REPORTS`] a word stands that no list has. Not none: while the store is young, the words that only one
/// report uses would outweigh the names that all reports of an event share.
const UNLISTED: u16 = 3;

/// In how many of [`REPORTS`] the words of each list stand.
const LISTS: &[(u16, &str)] =
    &[(500, FUNCTION), (180, FREQUENT), (60, NEWSROOM), (30, BEATS), (12, WORLD), (400, FOREIGN)];

/// Articles, pronouns, prepositions, auxiliaries.
const FUNCTION: &str = "the a an of and or to in on at by for from with as is are was were be been being it its he his him \
    she her hers they their them this that these those there here have has had having not no but if than then so such \
    will would can could may might shall should must do does did done we our us you your i my me who whom whose which \
    what when where why how also after before over under into out up down about more most other others some any all \
    one two new mr mrs ms dr";

/// The commonest content words of any text.
const FREQUENT: &str = "say said says year years time people day days week weeks month months make made making take took \
    taken taking come came coming go going went gone get got getting give gave given see saw seen know known think \
    want wanted use used using find found work working call called first last next second third three four five six \
    seven eight nine ten many much few several only just even still now today since until while during between among \
    against through around within without because both each every own same like very well back part way long way \
    place set put end high good great big old young large small number million billion percent per cent country \
    world state states city man men woman women life home house school family children public group company business \
    market including included according told tell added expected added later early recent recently already again \
    never always however though although another further once near far left right off away along across late least \
    less same top key major possible able need needed help show showed shown move moved lead led keep kept hold held \
    begin began start started turn turned bring brought leave run ran look looked face faced remain remained become \
    became follow followed following mean means let seem ask asked feel try tried might yet ago rather whether";

/// What newsrooms write every day, whatever the story.
const NEWSROOM: &str = "news report reports reported reporter reporters reporting press media newspaper agency statement spokesman \
    spokeswoman spokesperson official officials source sources government president prime minister ministry leader \
    leaders leadership foreign defence defense security national international council senior chief head secretary \
    department office white house law court police party member members meeting meet talks summit visit trip travel \
    plan plans planned planning monday tuesday wednesday thursday friday saturday sunday january february march april \
    june july august september october november december morning evening night afternoon local term issue issues \
    decision support deal agreement relation relations tie ties conference interview question comment declined \
    confirmed announced announcement asked warned urged called discuss discussed discussion share shared offer \
    offered deputy director policy action system service services program programme project plan process case matter \
    result results change changes power force forces control order rule rules right rights attack attacks death dead \
    killed kill injured victim political politician opposition vote election campaign bill budget tax money bank \
    trade economy economic price prices cost costs growth rate rates data study research team game games season win \
    won player players club coach match final league health hospital food water energy oil gas fire area region site \
    building street road car video photo image story read latest live update breaking exclusive opinion editor \
    twitter facebook post posted page article site website online social network user users event events history \
    future north south east west northern southern eastern western american british european asian african capital \
    border war peace military army troops weapon weapons allies allied ally threat threats crisis conflict tension \
    tensions sanction sanctions letter letters letters publicly private promise pledge pledged continue continued \
    claim claims claimed evidence involve involved likely unlikely appear appeared known believe believed describe \
    described note noted point pointed reach reached sign signed join joined return returned arrive arrived arrival";

/// The daily words of business, courts, disasters, science, sport and entertainment.
const BEATS: &str = "stock stocks share shares shareholder investor investors investment fund funds bond bonds index dow \
    nasdaq wall earnings profit profits loss losses revenue sales quarter quarterly forecast analyst analysts inflation \
    debt loan credit bankruptcy merger acquisition buy sell rally fall fell falling rise rose rising drop dropped gain \
    gains record higher lower dollar euro currency export exports import imports tariff tariffs consumer customer \
    customers industry firm firms executive ceo chairman board factory worker workers job jobs unemployment union strike \
    pay wage wages mortgage store stores retail product products brand launch launched release released version device \
    devices phone phones smartphone iphone android apple google microsoft facebook amazon tesla app apps software \
    technology tech computer internet data digital ai robot company startup arrest arrested charge charged charges \
    accused suspect trial jury judge justice guilty prison jail sentence sentenced lawyer lawyers attorney prosecutor \
    prosecutors lawsuit sue sued case appeal crime criminal murder murdered shooting shot gun guns officer officers \
    sheriff detective allegation allegations alleged allegedly investigation investigate investigators probe fbi fraud \
    abuse sexual assault crash crashed accident fire fires flood floods storm hurricane earthquake weather rain snow \
    temperature climate wildfire rescue rescued emergency evacuate evacuated damage damaged destroyed missing victims \
    survivors hospital doctor doctors patient patients disease virus covid coronavirus pandemic vaccine vaccines drug \
    drugs cancer treatment medical care mental science scientist scientists researcher researchers university professor \
    student students teacher teachers college education space nasa rocket satellite moon planet species animal animals \
    dog football soccer basketball baseball cricket tennis olympic olympics world championship tournament final finals \
    team teams goal goals score scored victory defeat defeated beat injury injured season coach manager contract \
    stadium fans fan film films movie movies show shows series episode season star stars actor actress singer song \
    album music band concert award awards oscar celebrity fashion book books author festival tv television netflix \
    trailer finale premiere game games video wedding married marriage husband wife son daughter father mother brother \
    sister baby birthday died dies age aged funeral church pope catholic muslim islamic religious black racial race \
    immigration immigrant immigrants migrant migrants refugee refugees abortion gay protest protests protesters \
    demonstrators rally violence violent terror terrorist terrorism bomb bombing explosion hostage airline airlines \
    flight flights plane airport passengers passenger train rail ship ships boat driver drivers vehicle vehicles truck \
    traffic travel tourist tourists hotel restaurant airport speech vote votes voters poll polls candidate candidates \
    campaign nominee nomination primary lawmakers lawmaker legislation reform cabinet parliament coalition";

/// Countries, capitals and people that stand in the news on any day.
const WORLD: &str = "us usa america washington russia russian russians moscow kremlin putin vladimir ukraine ukrainian kyiv kiev \
    zelensky zelenskyy china chinese beijing xi jinping taiwan japan japanese tokyo korea korean koreas seoul \
    pyongyang kim jong un dprk iran iranian tehran israel israeli gaza palestinian hamas jerusalem syria syrian turkey \
    turkish erdogan ankara istanbul india indian delhi modi pakistan pakistani afghanistan taliban britain uk england \
    london france french paris macron germany german berlin scholz merkel europe eu brussels nato italy italian rome \
    spain spanish madrid poland polish canada canadian ottawa mexico mexican brazil brazilian australia australian \
    africa nigeria egypt cairo saudi arabia york california texas florida biden trump obama clinton republican \
    republicans democrat democrats democratic senate congress senator governor supreme un united nations union kong \
    hong lukashenko belarus missile missiles nuclear ballistic invasion grain drone drones soldier soldiers";

/// Function words of some other languages, and pairs of characters of the same kind.
const FOREIGN: &str = "le la les un une des du de et à au aux en est sont dans pour par sur avec que qui ne pas il elle ils \
    ce cette se son sa ses plus mais ou été après selon der die das den dem ein eine einer eines einem und oder ist \
    sind war wird werden hat haben nicht auch auf für von mit bei nach aus zu zum zur im am als dass sich er sie es \
    wie el los las una y o es son del al con por para no se su sus lo como más pero ha han fue este esta il lo gli uno \
    di da che non è per sono nel nella della dei ma anche si os as um uma do dos das ao à em não com foi mais het een \
    van op te dat niet zijn voor aan ook maar и в во на с со что как не по из за от для это его он она они его к у о \
    об при был была было были будет или а но же до также то і в на з що як не від до це та 的是 了一 在的 是一 表示 \
    报道 记者 他们 我们 这个 一个 没有 进行 可以 已经 以及 对于 して いる した から ます ない ある こと この その \
    という です まし れた";

/// In how many of [`REPORTS`] imaginary reports each listed word stands, by its stem.
static FREQUENCIES: LazyLock<HashMap<Key, u16, RandomState>> = LazyLock::new(|| {
    let mut frequencies = HashMap::default();
    for (count, words) in LISTS {
        for word in words.split_whitespace() {
            let known = frequencies.entry(Key::of(stem(word))).or_insert(0);
            *known = (*count).max(*known);
        }
    }
    frequencies
});

/// In how many of [`REPORTS`] imaginary reports a term stands.
pub fn frequency(term: Key) -> u16 {
    FREQUENCIES.get(&term).copied().unwrap_or(UNLISTED)
}

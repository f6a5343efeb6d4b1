//! The element names of HTML by the part they play while the tree is built, each list as words.

pub(super) const VOID: &str = "area base basefont bgsound br col embed frame hr image img input keygen link meta param source \
    track wbr";
/// Elements that hold text only.
pub(super) const RAW: &str = "script style textarea title xmp iframe noembed noframes noscript";
/// Elements that stand once in a page: a second one adds nothing, and the end of one leaves what it holds open.
pub(super) const ONCE: &str = "html head body frameset";
pub(super) const FORMATTING: &str = "a b big code em font i nobr s small strike strong tt u";
/// Elements through which the end tag of a block does not reach.
pub(super) const SCOPE: &str = "applet caption marquee object select table td template th";
/// Elements whose start closes an open `p`, and whose end closes what they hold.
pub(super) const BLOCK: &str = "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure \
    footer form h1 h2 h3 h4 h5 h6 header hgroup li listing main menu nav ol p pre search section \
    summary ul";
/// Elements that end where the form does that holds them.
pub(super) const IMPLIED: &str = "dd dt li optgroup option p rb rp rt rtc";
pub(super) const HEADING: &str = "h1 h2 h3 h4 h5 h6";
/// Elements within which formatting that began outside is not opened anew.
pub(super) const MARKER: &str = "applet caption marquee object td template th";
/// The parts of a table.
pub(super) const TABLE: &str = "caption colgroup tbody td tfoot th thead tr";
/// HTML elements that end the SVG or `MathML` in which they start.
pub(super) const BREAKOUT: &str = "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li \
    listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var";
/// Elements of SVG, and of `MathML`, that hold HTML again.
pub(super) const SVG_HOLDERS: &str = "foreignobject desc title";
pub(super) const MATH_HOLDERS: &str = "mi mo mn ms mtext";
/// Elements whose rules depend on more than this pass knows. Hardly a page has them within SVG or `MathML`.
pub(super) const UNCERTAIN: &str = "annotation-xml mglyph malignmark font";

/// Whether `name` is one of `names`, in whatever case.
pub(super) fn among(names: &str, name: &str) -> bool {
    names.split(' ').any(|one| one.eq_ignore_ascii_case(name))
}

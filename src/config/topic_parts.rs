//! The values of a topic that are more than a string or a number: zones, boosts, escalations, hosts, languages.

use super::alerts::SEVERITIES;
use super::collect::Collector;
use super::read::Item;
use super::schema::{ESCALATION, FIELDS, SOURCES};
use crate::article::Zone;
use crate::text::language::usual;
use crate::topic::spec::{BoostSpec, EscalationSpec, SourcesSpec};
use crate::topic::{Written, ZoneWeights};

/// Words for zones.
const ZONES: [(&str, Zone); 4] =
    [("title", Zone::Title), ("lead", Zone::Lead), ("body", Zone::Body), ("furniture", Zone::Furniture)];

/// `in`: at least one zone.
pub(super) fn zones(item: &Item, to: &mut Collector) -> Vec<Zone> {
    let written = item.list("an array of zones", to);
    if written.is_empty() {
        to.error(&item.place, "`in` names no zone", "write in = [\"title\", \"lead\"], or delete it");
    }
    written.iter().filter_map(|item| item.choice(&ZONES, to)).collect()
}

/// `boost`: lines, each with its points.
pub(super) fn boost(item: &Item, to: &mut Collector) -> Vec<BoostSpec> {
    let mut boosts = Vec::new();
    for (line, item) in item.entries(to) {
        if let Some(points) = item.signed(-100..=100, to) {
            boosts.push(BoostSpec { line, points });
        }
    }
    boosts
}

/// `escalate`: severities, each with what calls for it.
pub(super) fn escalate(item: &Item, to: &mut Collector) -> Vec<EscalationSpec> {
    let mut escalations = Vec::new();
    for item in item.list("an array of tables", to) {
        let Some(section) = item.section(&ESCALATION, to) else { continue };
        let Some(severity) = section.get("to") else {
            to.missing(
                &section.place,
                "this escalation has no `to`",
                "write { to = \"critical\", when = 'title:summit' }",
            );
            continue;
        };
        let score = section.get("min_score").and_then(|item| item.count(0..=100, to));
        if let (Some(to_severity), Some(at)) = (severity.choice(&SEVERITIES, to), severity.text(to)) {
            escalations.push(EscalationSpec {
                at,
                to: to_severity,
                when: section.get("when").and_then(|item| item.text(to)),
                min_score: score.and_then(|score| u8::try_from(score).ok()),
            });
        }
    }
    escalations
}

/// `sources`: patterns of hosts.
pub(super) fn sources(item: &Item, to: &mut Collector) -> SourcesSpec {
    let Some(section) = item.section(&SOURCES, to) else { return SourcesSpec::default() };
    let mut hosts = |key| section.get(key).map(|item| item.texts(to)).unwrap_or_default();
    SourcesSpec { only: hosts("only"), skip: hosts("skip") }
}

/// `fields`: what a hit weighs by zone.
pub(super) fn fields(item: &Item, mut weights: ZoneWeights, to: &mut Collector) -> Option<ZoneWeights> {
    let section = item.section(&FIELDS, to)?;
    let mut weight = |key, old| section.get(key).and_then(|item| item.number(0.0, 1.0, to)).unwrap_or(old);
    weights.title = weight("title", weights.title);
    weights.lead = weight("lead", weights.lead);
    weights.body = weight("body", weights.body);
    weights.furniture = weight("furniture", weights.furniture);
    if [weights.title, weights.lead, weights.body, weights.furniture].iter().all(|weight| *weight <= 0.0) {
        to.error(&item.place, "no zone weighs anything", "give one of title, lead and body more than 0");
    }
    Some(weights)
}

/// The codes of ISO 639-1, with `bh` and `sh`, which were withdrawn and are still declared.
const LANGUAGES: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id \
    ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu \
    lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu \
    rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to \
    tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// ISO 639-1 codes, as articles have them, or `*`.
pub(super) fn languages(item: &Item, to: &mut Collector) -> Option<Vec<String>> {
    let mut codes = Vec::new();
    let written = item.list("an array of languages", to);
    if written.is_empty() {
        return None;
    }
    for item in written {
        let Some(Written { text, .. }) = item.text(to) else { continue };
        if text == "*" || LANGUAGES.split(' ').any(|code| code == text) {
            codes.push(usual(&text).to_owned());
        } else {
            let message = format!("`{text}` is not a code of a language");
            let meant = usual(&text);
            if meant != text {
                to.error(&item.place, message, format!("did you mean \"{meant}\"?"));
                continue;
            }
            to.error(
                &item.place,
                message,
                "write two small letters (ISO 639-1) such as \"en\", \"ko\", or \"*\" for all",
            );
        }
    }
    Some(codes)
}

//! Korean particles: a noun carries them without a space ("북한은", "김정은에게"), so a name is also looked for without.

/// Particles of nouns, longest first, so that the longest that fits is taken.
const PARTICLES: &[&str] = &[
    "으로부터",
    "에게서는",
    "으로서는",
    "에서부터",
    "이라고는",
    "에게서",
    "한테서",
    "에서는",
    "에서도",
    "에서의",
    "에게는",
    "에게도",
    "으로는",
    "으로도",
    "으로서",
    "으로써",
    "이라고",
    "이라는",
    "이라며",
    "로부터",
    "께서는",
    "까지도",
    "까지는",
    "에는",
    "에도",
    "에서",
    "에게",
    "에의",
    "으로",
    "로서",
    "로써",
    "로는",
    "로도",
    "라고",
    "라는",
    "라며",
    "이라",
    "이나",
    "이며",
    "이고",
    "인데",
    "이다",
    "께서",
    "한테",
    "하고",
    "뿐만",
    "까지",
    "부터",
    "마저",
    "조차",
    "처럼",
    "보다",
    "만이",
    "만을",
    "만은",
    "와의",
    "과의",
    "와는",
    "과는",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "와",
    "과",
    "도",
    "로",
    "만",
    "나",
    "뿐",
];

/// `word` without its trailing particle, if it has one and at least two syllables are left ("북한은" → "북한").
///
/// A guess: "김정은" loses its last syllable too, so the whole word is to be tried as well.
#[must_use]
#[inline]
pub fn without_particle(word: &str) -> Option<&str> {
    // The first byte of every syllable of AC00–D7A3 is EA..=ED; anything else is not Korean and quickly told.
    if !matches!(word.bytes().next(), Some(0xea..=0xed)) {
        return None;
    }
    let stem = PARTICLES
        .iter()
        .find_map(|particle| word.strip_suffix(particle).filter(|stem| stem.chars().nth(1).is_some()))?;
    stem.chars().all(|ch| matches!(ch, '\u{ac00}'..='\u{d7a3}')).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::{PARTICLES, without_particle};

    #[test]
    fn the_longest_particle_goes() {
        assert!(PARTICLES.is_sorted_by_key(|particle| std::cmp::Reverse(particle.len())));
        assert_eq!(without_particle("북한은"), Some("북한"));
        assert_eq!(without_particle("평양에서는"), Some("평양"));
        assert_eq!(without_particle("러시아로부터"), Some("러시아"));
        assert_eq!(without_particle("김정은이"), Some("김정은"));
        assert_eq!(without_particle("러시아하고"), Some("러시아"));
        assert_eq!(without_particle("김정은한테서"), Some("김정은"));
        assert_eq!(without_particle("북한뿐"), Some("북한"));
        assert_eq!(without_particle("북한뿐만"), Some("북한"));
    }

    #[test]
    fn two_syllables_stay() {
        assert_eq!(without_particle("북은"), None);
        assert_eq!(without_particle("는"), None);
        assert_eq!(without_particle("нет는"), None);
        assert_eq!(without_particle("조선"), None);
    }
}

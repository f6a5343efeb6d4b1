//! Any text, cut into words and folded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use newswatch::text::fold::fold;

fuzz_target!(|text: &str| {
    let tokens = fold(text);
    let mut end = 0;
    for token in &tokens {
        assert!(!token.folded.is_empty(), "an empty word");
        assert!(token.span.start >= end && token.span.start < token.span.end, "words in order, none inside another");
        assert!(text.get(token.span.clone()).is_some(), "on character boundaries");
        end = token.span.end;
    }
    // A word by itself folds to what it is in the text; a contraction is dropped in both.
    for token in tokens.iter().take(100) {
        let alone = fold(&text[token.span.clone()]);
        assert!(!alone.is_empty(), "{:?}", token.folded);
    }
    let joined: Vec<_> = fold(&format!("{text}\n\n{text}")).into_iter().map(|token| token.folded).collect();
    let once = || tokens.iter().map(|token| token.folded.clone());
    assert!(joined.into_iter().eq(once().chain(once())), "a blank line parts texts");
});

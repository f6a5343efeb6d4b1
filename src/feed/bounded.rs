//! JSON → values, under a bound on their number: a document of 16 MB can hold millions, which take many times its size.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::MAX_ENTRIES;

/// What the values of a document may cost together; a number costs 1.
const MAX_COST: usize = 400_000;
/// What an object costs: its smallest node has room for eleven values.
const OBJECT: usize = 20;
/// Most values of one list that are kept: one more than a feed may have entries, so that "more" can be told.
const MAX_LIST: usize = MAX_ENTRIES + 1;

/// The value that `text` is. Where values pass the bounds, lists and objects end early; all of the text is checked.
///
/// # Errors
/// Where `text` is no JSON, or nests deeper than `serde_json` goes (128).
pub(super) fn parse(text: &str) -> Result<Value, serde_json::Error> {
    let mut left = MAX_COST;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Bounded { left: &mut left }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Reads one value, within what is left of the cost.
struct Bounded<'a> {
    left: &'a mut usize,
}

impl Bounded<'_> {
    fn spend(&mut self, cost: usize) {
        *self.left = self.left.saturating_sub(cost);
    }
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<Value, D::Error> {
        self.spend(1);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while *self.left > 0 && values.len() < MAX_LIST {
            match list.next_element_seed(Bounded { left: &mut *self.left })? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while *self.left > 0 {
            let Some(key) = object.next_key::<String>()? else { return Ok(Value::Object(values)) };
            if values.is_empty() {
                self.spend(OBJECT);
            }
            values.insert(key, object.next_value_seed(Bounded { left: &mut *self.left })?);
        }
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn what_is_within_bounds_is_read_whole() {
        let value = json!({ "a": [1, -2, 0.5, true, null, "x"], "b": { "c": [[], {}] } });
        assert_eq!(parse(&value.to_string()).expect("JSON"), value);
    }

    #[test]
    fn what_passes_the_bounds_ends_early_and_is_still_checked() {
        let long = |unit: &str, end: &str| format!("{{\"a\":[{}{end}", unit.repeat(500_000));
        let read = parse(&long("{\"b\":[0,0]},", "0],\"c\":1}")).expect("JSON");
        assert_eq!(read["a"].as_array().map(Vec::len), Some(MAX_LIST));
        assert_eq!(read["c"], 1);
        let nested = parse(&long("[[0,0],[0,0]],", "0]}")).expect("JSON");
        assert!(nested["a"].as_array().is_some_and(|list| list.len() <= MAX_LIST));
        let keys = (0..500_000).fold(String::from("{\"a\":0"), |all, key| all + &format!(",\"k{key}\":0"));
        let read = parse(&(keys + "}")).expect("JSON");
        assert!(read.as_object().is_some_and(|object| object.len() < MAX_COST));
        assert!(parse(&long("0,", "0]")).is_err());
        assert!(parse(&long("0,", "0]}x")).is_err());
        assert!(parse(&"[".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn small_documents_read_as_by_serde_json(text in "[\\[\\]{}:,\"a0-9.e\\\\ -]{0,20}") {
            let whole: Result<Value, _> = serde_json::from_str(&text);
            prop_assert_eq!(parse(&text).ok(), whole.ok());
        }
    }
}

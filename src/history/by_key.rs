//! What was known of an account, by key: a short list, since a month holds a hundred thousand of them.

use crate::field::Field;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// A measure's or a criterion's key: a field's id as a rule, and then nothing is copied.
pub type Key = Cow<'static, str>;

/// The key of a text.
pub fn key_of(text: &str) -> Key {
    Field::from_id(text).map_or_else(|| Cow::Owned(text.to_owned()), |field| Cow::Borrowed(field.id()))
}

/// Values by key, sorted.
#[derive(Clone, Debug, PartialEq)]
pub struct ByKey<V>(Vec<(Key, V)>);

impl<V> Default for ByKey<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> ByKey<V> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&V> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// Whether a key has a value.
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Keys with their values, by key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &V)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// The keys.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_ref())
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: &str, value: V) {
        match self.0.binary_search_by(|(own, _)| own.as_ref().cmp(key)) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (key_of(key), value)),
        }
    }
}

/// Of several values of a key the last.
impl<V> FromIterator<(Key, V)> for ByKey<V> {
    fn from_iter<I: IntoIterator<Item = (Key, V)>>(values: I) -> Self {
        let mut all: Vec<(Key, V)> = values.into_iter().collect();
        all.reverse();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.dedup_by(|later, first| later.0 == first.0);
        all.shrink_to_fit();
        Self(all)
    }
}

impl<V: Serialize> Serialize for ByKey<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for ByKey<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values<V>(PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for Values<V> {
            type Value = ByKey<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values by key")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ByKey<V>, A::Error> {
                let mut all = Vec::new();
                while let Some((key, value)) = map.next_entry::<Cow<'de, str>, V>()? {
                    all.push((key_of(&key), value));
                }
                Ok(all.into_iter().collect())
            }
        }

        deserializer.deserialize_map(Values(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_by_key_and_the_last_of_one_key_holds() {
        let mut values: ByKey<f64> = [("meetings", 1.0), ("column: NPS", 2.0), ("meetings", 3.0)]
            .map(|(key, value)| (key_of(key), value))
            .into_iter()
            .collect();
        values.insert("column: NPS", 4.0);
        values.insert("comments", 5.0);
        assert_eq!(values.iter().collect::<Vec<_>>(), [("column: NPS", &4.0), ("comments", &5.0), ("meetings", &3.0)]);
        let text = serde_json::to_string(&values).unwrap();
        assert_eq!(text, r#"{"column: NPS":4.0,"comments":5.0,"meetings":3.0}"#);
        assert_eq!(serde_json::from_str::<ByKey<f64>>(&text).unwrap(), values);
        assert_eq!((values.get("target"), values.contains_key("meetings")), (None, true));
        assert!(matches!(key_of("meetings"), Cow::Borrowed(_)));
    }
}

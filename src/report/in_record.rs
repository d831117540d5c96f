//! Walks through a record that is too large to be held: everything but the cases is passed over.

use super::record::CaseRecord;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A walk through a part of a record, which hands out every case with the place of its suite.
pub(super) struct Walk<'e> {
    part: Part,
    each: &'e mut dyn FnMut(usize, CaseRecord),
}

#[derive(Debug, Clone, Copy)]
enum Part {
    Record,
    Suites,
    /// The suite at this place.
    Suite(usize),
    /// Its cases.
    Cases(usize),
}

impl<'e> Walk<'e> {
    /// Through a whole record.
    pub fn new(each: &'e mut dyn FnMut(usize, CaseRecord)) -> Self {
        Self { part: Part::Record, each }
    }

    fn through(&mut self, part: Part) -> Walk<'_> {
        Walk { part, each: &mut *self.each }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.part {
            Part::Record | Part::Suite(_) => deserializer.deserialize_map(self),
            Part::Suites | Part::Cases(_) => deserializer.deserialize_seq(self),
        }
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.part {
            Part::Record => "a record",
            Part::Suites => "suites",
            Part::Suite(_) => "a suite",
            Part::Cases(_) => "cases",
        })
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match (self.part, key.as_str()) {
                (Part::Record, "suites") => map.next_value_seed(self.through(Part::Suites))?,
                (Part::Suite(place), "cases") => map.next_value_seed(self.through(Part::Cases(place)))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        if let Part::Cases(place) = self.part {
            while let Some(case) = list.next_element()? {
                (self.each)(place, case);
            }
            return Ok(());
        }
        for place in 0.. {
            if list.next_element_seed(self.through(Part::Suite(place)))?.is_none() {
                break;
            }
        }
        Ok(())
    }
}

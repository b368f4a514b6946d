//! Reading values into types through serde.

use std::collections::btree_map;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

use super::fault::{Fault, Step};
use super::value::{ConfigValue, Node};

impl ConfigValue {
    /// Reads this value as a `T`.
    pub(super) fn read<'de, T: Deserialize<'de>>(&'de self) -> Result<T, Fault> {
        T::deserialize(Reader(self))
    }
}

/// A value as serde's source.
struct Reader<'de>(&'de ConfigValue);

impl<'de> Reader<'de> {
    /// Text where something else is wanted: a variable can give only text.
    fn parsed<T: std::str::FromStr>(&self) -> Option<T> {
        self.0.as_str()?.trim().parse().ok()
    }

    fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.0.node {
            Node::Null => visitor.visit_unit(),
            Node::Boolean(value) => visitor.visit_bool(*value),
            Node::Integer(value) => visitor.visit_i64(*value),
            Node::Float(value) => visitor.visit_f64(*value),
            Node::Text(text) => visitor.visit_borrowed_str(text),
            Node::List(values) => visitor.visit_seq(Items {
                values: values.iter().enumerate(),
            }),
            Node::Table(table) => visitor.visit_map(Entries {
                entries: table.entries(),
                value: None,
            }),
        }
    }
}

/// A whole number, also from text.
macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let line = self.0.line;
            match self.parsed() {
                Some(number) => visitor.visit_i64(number),
                None => self.visit(visitor),
            }
            .map_err(|fault| fault.in_line(line))
        }
    )*};
}

/// A number, also from text.
macro_rules! floats {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let line = self.0.line;
            match self.parsed() {
                Some(number) => visitor.visit_f64(number),
                None => self.visit(visitor),
            }
            .map_err(|fault| fault.in_line(line))
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let line = self.0.line;
        self.visit(visitor).map_err(|fault| fault.in_line(line))
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    floats! { deserialize_f32 deserialize_f64 }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let line = self.0.line;
        match self.parsed() {
            Some(value) => visitor.visit_bool(value),
            None => self.visit(visitor),
        }
        .map_err(|fault| fault.in_line(line))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.node {
            Node::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let found = match self.0.as_str() {
            Some(name) => visitor.visit_enum(Variant(name)),
            None => Err(Fault::wrong_type("text", self.0.node.kind())),
        };
        found.map_err(|fault| fault.in_line(self.0.line))
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// The entries of a table; each fault learns its key and line.
struct Entries<'de> {
    entries: btree_map::Iter<'de, String, ConfigValue>,
    value: Option<(&'de str, &'de ConfigValue)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.entries.find(|(_, value)| !value.is_null()) else {
            return Ok(None);
        };
        self.value = Some((key, value));
        let name: serde::de::value::StrDeserializer<'_, Fault> = key.as_str().into_deserializer();
        seed.deserialize(name)
            .map(Some)
            .map_err(|fault| fault.in_line(value.line))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let Some((key, value)) = self.value.take() else {
            return Err(Fault::custom("a value was asked for before its key"));
        };
        seed.deserialize(Reader(value))
            .map_err(|fault| fault.under(Step::Key(key.to_owned()), value.line))
    }
}

struct Items<'de> {
    values: std::iter::Enumerate<std::slice::Iter<'de, ConfigValue>>,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        let Some((index, value)) = self.values.next() else {
            return Ok(None);
        };
        seed.deserialize(Reader(value))
            .map(Some)
            .map_err(|fault| fault.under(Step::Index(index), value.line))
    }
}

/// One of an enum's names.
struct Variant<'de>(&'de str);

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name: serde::de::value::StrDeserializer<'_, Fault> = self.0.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Fault> {
        Err(holds_nothing(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Err(holds_nothing(self.0))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Fault> {
        Err(holds_nothing(self.0))
    }
}

fn holds_nothing(name: &str) -> Fault {
    Fault::custom(format!("'{}' must come with more", name.escape_debug()))
}

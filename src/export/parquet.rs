//! The table as parquet: typed columns, nothing where nothing is known.

use super::{COLUMNS, Column, Datum, Kinds, Table};
use crate::output::save;
use crate::period::serial;
use jiff::civil::Date;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// Writes the file.
///
/// # Errors
/// What the system or the writer said.
pub fn write(table: &Table<'_>, target: &Path) -> io::Result<()> {
    save::whole(target, |file| fill(table, file).map_err(io::Error::other))
}

fn fill(table: &Table<'_>, file: &mut (dyn Write + Send)) -> Result<(), ParquetError> {
    let properties = WriterProperties::builder()
        .set_created_by(concat!("keeptabs ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::GZIP(Default::default()))
        .build();
    let mut writer = SerializedFileWriter::new(file, schema()?, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for column in &COLUMNS {
        let values = || table.clients.iter().map(|line| column.value(table, line));
        match column.kind {
            Kinds::Text => put::<ByteArrayType>(&mut group, values(), |datum| match datum {
                Datum::Text(text) => Some(ByteArray::from(text.into_bytes())),
                _ => None,
            })?,
            Kinds::Integer => put::<Int64Type>(&mut group, values(), |datum| match datum {
                Datum::Integer(number) => Some(number),
                _ => None,
            })?,
            Kinds::Number => put::<DoubleType>(&mut group, values(), |datum| match datum {
                Datum::Number(number) => Some(number),
                _ => None,
            })?,
            Kinds::Bool => put::<BoolType>(&mut group, values(), |datum| match datum {
                Datum::Bool(answer) => Some(answer),
                _ => None,
            })?,
            Kinds::Date => put::<Int32Type>(&mut group, values(), |datum| match datum {
                Datum::Date(day) => Some(day - unix_epoch()),
                _ => None,
            })?,
        }
    }
    group.close()?;
    writer.close()?;
    Ok(())
}

/// Parquet counts days from 1970-01-01.
fn unix_epoch() -> i32 {
    serial(Date::constant(1970, 1, 1))
}

/// One column: values that there are, and for each row whether there is one.
fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, &mut (dyn Write + Send)>,
    values: impl Iterator<Item = Option<Datum>>,
    of: impl Fn(Datum) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let mut levels = Vec::new();
    let mut there = Vec::new();
    for value in values {
        let value = value.and_then(&of);
        levels.push(i16::from(value.is_some()));
        there.extend(value);
    }
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("more columns than the schema has".to_owned()));
    };
    column.typed::<T>().write_batch(&there, Some(&levels), None)?;
    column.close()
}

fn schema() -> Result<TypePtr, ParquetError> {
    let fields = COLUMNS.iter().map(|column| field(column).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    Ok(Arc::new(Type::group_type_builder("clients").with_fields(fields).build()?))
}

fn field(column: &Column) -> Result<Type, ParquetError> {
    let (physical, logical) = match column.kind {
        Kinds::Text => (Physical::BYTE_ARRAY, Some((LogicalType::String, ConvertedType::UTF8))),
        Kinds::Integer => (Physical::INT64, None),
        Kinds::Number => (Physical::DOUBLE, None),
        Kinds::Bool => (Physical::BOOLEAN, None),
        Kinds::Date => (Physical::INT32, Some((LogicalType::Date, ConvertedType::DATE))),
    };
    let builder = Type::primitive_type_builder(column.name, physical).with_repetition(Repetition::OPTIONAL);
    match logical {
        Some((logical, converted)) => builder.with_logical_type(Some(logical)).with_converted_type(converted).build(),
        None => builder.build(),
    }
}

//! What holds for every request and every answer (T10, T12, T14, T17).

mod headers;
mod host;
mod limits;
mod origin;

//! Transcripts of topics by example.

"""What words and sentences say: figures, dates, names, speakers, events, likeness."""

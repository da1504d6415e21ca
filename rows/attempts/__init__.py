"""What entries refused, kept for a time: values encrypted, opened for a reason that is written down."""

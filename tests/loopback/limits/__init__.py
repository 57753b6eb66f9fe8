"""What Discord rejects, with its error bodies: embeds, components, messages, modals, commands."""

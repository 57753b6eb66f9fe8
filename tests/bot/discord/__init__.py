import pytest

# Its asserts say what was wrong, as those of the tests do.
pytest.register_assert_rewrite("tests.bot.discord.running")

"""A guest of the running occasion, with their ticket."""

import pytest

from tests import factories


@pytest.fixture
def guest(occasion):
    return factories.registration(occasion, name="张示例", employer="示例公司")


@pytest.fixture
def ticket(guest, occasion):
    return factories.ticket(guest, occasion)

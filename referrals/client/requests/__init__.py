"""Contact me: a resident's own request to the counselling of their municipality, without a professional."""

"""How requests travel: attempts, pace, deadlines and the two engines. The only imports of httpx."""

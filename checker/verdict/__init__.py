"""All rules over an estate, and what its policy makes of the findings. Imports every other room of `checker`."""

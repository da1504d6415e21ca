"""All rules over an estate, and its policy applied to the findings. Imports every other room of `checker`."""

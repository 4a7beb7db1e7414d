"""Published instances, each stated as an instance and a scenario of ours."""

"""ApplicationSets expanded without a cluster: generators, templates, patches, rollout steps.

Nothing in here knows about conversion: a body, the clusters and the files at hand go in,
Applications and the reasons why some are missing come out.
"""

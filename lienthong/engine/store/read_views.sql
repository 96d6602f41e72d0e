-- What REST searches: the tables of the read model with names, roots and incidents joined in. Temporary: made at each start.
CREATE TEMP VIEW process_definition_view AS
SELECT d.*, d.startFormId IS NOT NULL AS hasStartForm,
    NOT EXISTS (SELECT 1 FROM process_definition n WHERE n.processDefinitionId = d.processDefinitionId
                AND n.version > d.version AND n.deleted = 0) AS isLatestVersion
FROM process_definition d WHERE d.deleted = 0;

CREATE TEMP VIEW process_instance_view AS
SELECT i.*, d.processDefinitionId, d.name AS processDefinitionName, d.version AS processDefinitionVersion,
    d.versionTag AS processDefinitionVersionTag,
    EXISTS (SELECT 1 FROM incident x WHERE x.state = 'ACTIVE' AND x.processInstanceKey = i.processInstanceKey)
    OR EXISTS (SELECT 1 FROM incident x WHERE x.state = 'ACTIVE' AND x.rootProcessInstanceKey = i.processInstanceKey)
    AS hasIncident
FROM process_instance i LEFT JOIN process_definition d ON d.processDefinitionKey = i.processDefinitionKey;

CREATE TEMP VIEW element_instance_view AS
SELECT e.*, d.processDefinitionId, n.name AS elementName, p.rootProcessInstanceKey,
    EXISTS (SELECT 1 FROM incident x WHERE x.state = 'ACTIVE' AND x.elementInstanceKey = e.elementInstanceKey) AS hasIncident,
    (SELECT max(x.incidentKey) FROM incident x WHERE x.state = 'ACTIVE' AND x.elementInstanceKey = e.elementInstanceKey)
    AS incidentKey
FROM element_instance e
LEFT JOIN process_definition d ON d.processDefinitionKey = e.processDefinitionKey
LEFT JOIN element n ON n.processDefinitionKey = e.processDefinitionKey AND n.elementId = e.elementId
LEFT JOIN process_instance p ON p.processInstanceKey = e.processInstanceKey;

CREATE TEMP VIEW sequence_flow_view AS
SELECT f.processInstanceKey || '_' || f.elementId AS sequenceFlowId, f.*, d.processDefinitionId, p.rootProcessInstanceKey
FROM sequence_flow f
LEFT JOIN process_definition d ON d.processDefinitionKey = f.processDefinitionKey
LEFT JOIN process_instance p ON p.processInstanceKey = f.processInstanceKey;

CREATE TEMP VIEW variable_view AS
SELECT v.*, p.rootProcessInstanceKey FROM variable v
LEFT JOIN process_instance p ON p.processInstanceKey = v.processInstanceKey;

CREATE TEMP VIEW user_task_view AS
SELECT t.*, d.processDefinitionId, d.name AS processName, d.version AS processDefinitionVersion, n.name AS name,
    p.rootProcessInstanceKey
FROM user_task t
LEFT JOIN process_definition d ON d.processDefinitionKey = t.processDefinitionKey
LEFT JOIN element n ON n.processDefinitionKey = t.processDefinitionKey AND n.elementId = t.elementId
LEFT JOIN process_instance p ON p.processInstanceKey = t.processInstanceKey;

CREATE TEMP VIEW job_view AS
SELECT j.*, 'UNSPECIFIED' AS listenerEventType, d.processDefinitionId, p.rootProcessInstanceKey FROM job j
LEFT JOIN process_definition d ON d.processDefinitionKey = j.processDefinitionKey
LEFT JOIN process_instance p ON p.processInstanceKey = j.processInstanceKey;

CREATE TEMP VIEW incident_view AS
SELECT i.*, d.processDefinitionId FROM incident i
LEFT JOIN process_definition d ON d.processDefinitionKey = i.processDefinitionKey;

CREATE TEMP VIEW message_subscription_view AS
SELECT s.*, '{}' AS extensionProperties, d.processDefinitionId, d.name AS processDefinitionName,
    d.version AS processDefinitionVersion, p.rootProcessInstanceKey
FROM message_subscription s
LEFT JOIN process_definition d ON d.processDefinitionKey = s.processDefinitionKey
LEFT JOIN process_instance p ON p.processInstanceKey = s.processInstanceKey;

CREATE TEMP VIEW correlated_message_subscription_view AS
SELECT s.*, d.processDefinitionId, p.rootProcessInstanceKey, 1 AS partitionId
FROM correlated_message_subscription s
LEFT JOIN process_definition d ON d.processDefinitionKey = s.processDefinitionKey
LEFT JOIN process_instance p ON p.processInstanceKey = s.processInstanceKey;

CREATE TEMP VIEW decision_requirements_view AS SELECT * FROM decision_requirements WHERE deleted = 0;

CREATE TEMP VIEW decision_definition_view AS
SELECT d.*, r.decisionRequirementsName, r.version AS decisionRequirementsVersion,
    NOT EXISTS (SELECT 1 FROM decision_definition n WHERE n.decisionDefinitionId = d.decisionDefinitionId
                AND n.version > d.version AND n.deleted = 0) AS isLatestVersion
FROM decision_definition d
LEFT JOIN decision_requirements r ON r.decisionRequirementsKey = d.decisionRequirementsKey
WHERE d.deleted = 0;

CREATE TEMP VIEW decision_instance_view AS
SELECT i.*, p.rootProcessInstanceKey FROM decision_instance i
LEFT JOIN process_instance p ON p.processInstanceKey = i.processInstanceKey;

CREATE TEMP VIEW version_statistics_view AS
SELECT d.processDefinitionKey, d.processDefinitionId, d.name AS processDefinitionName,
    d.version AS processDefinitionVersion, d.deleted,
    count(CASE WHEN i.hasIncident THEN 1 END) AS activeInstancesWithIncidentCount,
    count(CASE WHEN NOT i.hasIncident THEN 1 END) AS activeInstancesWithoutIncidentCount
FROM process_definition d
LEFT JOIN process_instance_view i ON i.processDefinitionKey = d.processDefinitionKey AND i.state = 'ACTIVE'
GROUP BY d.processDefinitionKey HAVING d.deleted = 0 OR count(i.processInstanceKey) > 0;

CREATE TEMP VIEW definition_statistics_view AS
SELECT processDefinitionId, count(*) > 1 AS hasMultipleVersions,
    (SELECT n.name FROM process_definition n WHERE n.processDefinitionId = s.processDefinitionId
     ORDER BY n.version DESC LIMIT 1) AS latestProcessDefinitionName,
    sum(activeInstancesWithIncidentCount) AS activeInstancesWithIncidentCount,
    sum(activeInstancesWithoutIncidentCount) AS activeInstancesWithoutIncidentCount
FROM version_statistics_view s GROUP BY processDefinitionId;

CREATE TEMP VIEW resource_view AS
SELECT processDefinitionKey AS resourceKey, processDefinitionId AS resourceId, resourceName, version, versionTag
FROM process_definition WHERE deleted = 0
UNION ALL
SELECT decisionRequirementsKey, decisionRequirementsId, resourceName, version, NULL
FROM decision_requirements WHERE deleted = 0
UNION ALL
SELECT formKey, formId, resourceName, version, NULL FROM form WHERE deleted = 0;

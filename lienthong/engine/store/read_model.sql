-- The read model: what has happened, as REST shows it. Made from the log alone; format: READ_FORMAT in read_model.py.
CREATE TABLE IF NOT EXISTS followed (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL);
INSERT OR IGNORE INTO followed VALUES (1, 0);

CREATE TABLE IF NOT EXISTS process_definition (
    processDefinitionKey INTEGER PRIMARY KEY, processDefinitionId TEXT, name TEXT, version INTEGER, versionTag TEXT,
    resourceName TEXT, resource BLOB, startFormId TEXT, deleted INTEGER DEFAULT 0
);
CREATE INDEX IF NOT EXISTS process_definition_by_id ON process_definition (processDefinitionId, version);
CREATE TABLE IF NOT EXISTS element (
    processDefinitionKey INTEGER, elementId TEXT, name TEXT, PRIMARY KEY (processDefinitionKey, elementId)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS process_instance (
    processInstanceKey INTEGER PRIMARY KEY, processDefinitionKey INTEGER, parentProcessInstanceKey INTEGER,
    parentElementInstanceKey INTEGER, rootProcessInstanceKey INTEGER, startDate INTEGER, endDate INTEGER, state TEXT, tags TEXT
);
CREATE INDEX IF NOT EXISTS process_instance_by_definition ON process_instance (processDefinitionKey, state);
CREATE INDEX IF NOT EXISTS process_instance_by_parent ON process_instance (parentProcessInstanceKey)
    WHERE parentProcessInstanceKey IS NOT NULL;
CREATE INDEX IF NOT EXISTS process_instance_by_end ON process_instance (endDate) WHERE endDate IS NOT NULL;
CREATE TABLE IF NOT EXISTS element_instance (
    elementInstanceKey INTEGER PRIMARY KEY, processInstanceKey INTEGER, processDefinitionKey INTEGER, elementId TEXT,
    type TEXT, state TEXT, startDate INTEGER, endDate INTEGER, flowScopeKey INTEGER
);
CREATE INDEX IF NOT EXISTS element_instance_by_instance ON element_instance (processInstanceKey);
CREATE INDEX IF NOT EXISTS element_instance_by_definition ON element_instance (processDefinitionKey, elementId, state);
CREATE TABLE IF NOT EXISTS sequence_flow (
    processInstanceKey INTEGER, elementId TEXT, processDefinitionKey INTEGER, PRIMARY KEY (processInstanceKey, elementId)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS variable (
    variableKey INTEGER PRIMARY KEY, name TEXT, value TEXT, scopeKey INTEGER, processInstanceKey INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS variable_of_scope ON variable (scopeKey, name);
CREATE INDEX IF NOT EXISTS variable_by_instance ON variable (processInstanceKey, name);
CREATE TABLE IF NOT EXISTS user_task (
    userTaskKey INTEGER PRIMARY KEY, elementInstanceKey INTEGER, processInstanceKey INTEGER, processDefinitionKey INTEGER,
    elementId TEXT, state TEXT, assignee TEXT, candidateGroups TEXT, candidateUsers TEXT, dueDate INTEGER,
    followUpDate INTEGER, priority INTEGER, formKey INTEGER, externalFormReference TEXT, customHeaders TEXT,
    creationDate INTEGER, completionDate INTEGER, tags TEXT
);
CREATE INDEX IF NOT EXISTS user_task_by_state ON user_task (state, processInstanceKey);
CREATE INDEX IF NOT EXISTS user_task_by_instance ON user_task (processInstanceKey);
CREATE TABLE IF NOT EXISTS job (
    jobKey INTEGER PRIMARY KEY, type TEXT, kind TEXT, state TEXT, retries INTEGER, deadline INTEGER, worker TEXT,
    customHeaders TEXT, errorCode TEXT, errorMessage TEXT, hasFailedWithRetriesLeft INTEGER DEFAULT 0, elementId TEXT,
    elementInstanceKey INTEGER, processInstanceKey INTEGER, processDefinitionKey INTEGER, creationTime INTEGER,
    lastUpdateTime INTEGER, endTime INTEGER
);
CREATE INDEX IF NOT EXISTS job_by_state ON job (state, type);
CREATE INDEX IF NOT EXISTS job_by_instance ON job (processInstanceKey);
CREATE TABLE IF NOT EXISTS incident (
    incidentKey INTEGER PRIMARY KEY, errorType TEXT, errorMessage TEXT, state TEXT, elementId TEXT,
    elementInstanceKey INTEGER, processInstanceKey INTEGER, rootProcessInstanceKey INTEGER, processDefinitionKey INTEGER,
    jobKey INTEGER, creationTime INTEGER, endTime INTEGER
);
CREATE INDEX IF NOT EXISTS incident_by_instance ON incident (processInstanceKey);
CREATE INDEX IF NOT EXISTS incident_active ON incident (processInstanceKey) WHERE state = 'ACTIVE';
CREATE INDEX IF NOT EXISTS incident_active_by_root ON incident (rootProcessInstanceKey) WHERE state = 'ACTIVE';
CREATE INDEX IF NOT EXISTS incident_active_by_element ON incident (elementInstanceKey) WHERE state = 'ACTIVE';
CREATE TABLE IF NOT EXISTS message_subscription (
    messageSubscriptionKey INTEGER PRIMARY KEY, messageSubscriptionType TEXT, messageSubscriptionState TEXT,
    messageName TEXT, correlationKey TEXT, elementId TEXT, elementInstanceKey INTEGER, processInstanceKey INTEGER,
    processDefinitionKey INTEGER, lastUpdatedDate INTEGER
);
CREATE INDEX IF NOT EXISTS message_subscription_by_instance ON message_subscription (processInstanceKey);
CREATE TABLE IF NOT EXISTS correlated_message_subscription (
    messageKey INTEGER, subscriptionKey INTEGER, messageName TEXT, correlationKey TEXT, correlationTime INTEGER,
    elementId TEXT, elementInstanceKey INTEGER, processInstanceKey INTEGER, processDefinitionKey INTEGER,
    PRIMARY KEY (messageKey, subscriptionKey)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS decision_requirements (
    decisionRequirementsKey INTEGER PRIMARY KEY, decisionRequirementsId TEXT, decisionRequirementsName TEXT,
    version INTEGER, resourceName TEXT, resource BLOB, deleted INTEGER DEFAULT 0
);
CREATE TABLE IF NOT EXISTS decision_definition (
    decisionDefinitionKey INTEGER PRIMARY KEY, decisionDefinitionId TEXT, name TEXT, version INTEGER,
    decisionRequirementsId TEXT, decisionRequirementsKey INTEGER, deleted INTEGER DEFAULT 0
);
CREATE TABLE IF NOT EXISTS form (
    formKey INTEGER PRIMARY KEY, formId TEXT, version INTEGER, resourceName TEXT, resource BLOB, deleted INTEGER DEFAULT 0
);
CREATE TABLE IF NOT EXISTS decision_instance (
    decisionEvaluationInstanceKey TEXT PRIMARY KEY, decisionEvaluationKey INTEGER, decisionDefinitionId TEXT,
    decisionDefinitionKey INTEGER, decisionDefinitionName TEXT, decisionDefinitionType TEXT,
    decisionDefinitionVersion INTEGER, rootDecisionDefinitionKey INTEGER, decisionRequirementsKey INTEGER, state TEXT,
    result TEXT, evaluationFailure TEXT, evaluationDate INTEGER, processDefinitionKey INTEGER,
    processInstanceKey INTEGER, elementInstanceKey INTEGER, evaluatedInputs TEXT, matchedRules TEXT
);
CREATE INDEX IF NOT EXISTS decision_instance_by_evaluation ON decision_instance (decisionEvaluationKey);
CREATE INDEX IF NOT EXISTS decision_instance_by_instance ON decision_instance (processInstanceKey);

namespace Tidekeeper.Engines.TiDB;

/// <summary>
/// Words that stand in conditions and Events of a TidbCluster, beside <see cref="Reasons"/>. They are stable: tools may
/// wait for them. docs/conditions.md is made from these comments.
/// </summary>
public static class TidbReasons
{
    /// <summary>The spec can be acted upon.</summary>
    public const string Accepted = "Accepted";

    /// <summary>The spec is refused: the message names field, value and remedy; nothing is done meanwhile.</summary>
    public const string Refused = "Refused";

    /// <summary>Every field of the spec is acted upon.</summary>
    public const string Supported = "Supported";

    /// <summary>The spec has what the operator does not act upon yet; the message says what happens instead.</summary>
    public const string NotSupportedYet = "NotSupportedYet";

    /// <summary>
    /// The installed definition of the kind is older than the operator: the API server drops the fields that the
    /// message names, whatever the spec says.
    /// </summary>
    public const string DefinitionOld = "DefinitionOld";

    /// <summary>Everything serves as the spec wants it.</summary>
    public const string Ready = "Ready";

    /// <summary>A StatefulSet or its pods are not as the spec wants them yet.</summary>
    public const string StatefulSetNotUpToDate = "StatefulSetNotUpToDate";

    /// <summary>PD has no majority, or a member of it does not serve.</summary>
    public const string PDUnhealthy = "PDUnhealthy";

    /// <summary>A TiKV store is not Up, or its pod is not ready.</summary>
    public const string TiKVStoreNotUp = "TiKVStoreNotUp";

    /// <summary>A TiDB server does not serve.</summary>
    public const string TiDBUnhealthy = "TiDBUnhealthy";

    /// <summary>A TiFlash store is not Up, or its pod is not ready.</summary>
    public const string TiFlashStoreNotUp = "TiFlashStoreNotUp";

    /// <summary>SQL is served.</summary>
    public const string Serving = "Serving";

    /// <summary>SQL is not served: no majority of PD, none of the stores, or no TiDB.</summary>
    public const string NotServing = "NotServing";

    /// <summary>PD does not answer, so nobody knows.</summary>
    public const string NotKnown = "NotKnown";

    /// <summary>Every pod runs on the present spec.</summary>
    public const string UpToDate = "UpToDate";

    /// <summary>Pods run on an earlier spec and are restarted one after another.</summary>
    public const string PodsPending = "PodsPending";

    /// <summary>
    /// Pods have an earlier configuration file, and <c>configUpdateStrategy: InPlace</c> restarts none for that:
    /// <c>tide restart</c>, or <c>RollingUpdate</c>.
    /// </summary>
    public const string ConfigWaitsForRestart = "ConfigWaitsForRestart";

    /// <summary>
    /// This operator would render pods differently than the one before. Pods take that with the next change or restart;
    /// annotate the cluster with <c>tidekeeper.io/adopt-template</c> to have it ready for pods that are made anew.
    /// </summary>
    public const string TemplatePending = "TemplatePending";

    /// <summary>Nothing is left to do.</summary>
    public const string Settled = "Settled";

    /// <summary>The operator is writing what the spec wants.</summary>
    public const string Working = "Working";

    /// <summary>A pod cannot be made, scheduled, pulled or started; the message names the field where it can.</summary>
    public const string PodInTrouble = "PodInTrouble";

    /// <summary>An object of a name that is needed belongs to somebody else; delete or rename it.</summary>
    public const string NameTaken = "NameTaken";

    /// <summary>
    /// The cluster was made by tidb-operator v1, and nothing of it is touched: <c>tide adopt</c>.
    /// </summary>
    public const string NotAdopted = "NotAdopted";

    /// <summary>
    /// tidb-operator v1 has written an object that this operator manages; nothing is touched while both act.
    /// </summary>
    public const string AnotherOperator = "AnotherOperator";

    /// <summary>Something is in the way of taking the cluster over; the message names it.</summary>
    public const string AdoptionBlocked = "AdoptionBlocked";

    /// <summary>
    /// The cluster is taken over on trial: <c>tide adopt --commit</c> goes on, <c>--abort</c> takes everything back.
    /// </summary>
    public const string OnTrial = "OnTrial";

    /// <summary>The cluster was made by tidb-operator v1 and is this operator's now.</summary>
    public const string TakenOver = "TakenOver";

    /// <summary>What the trial changed is being taken back.</summary>
    public const string GivingBack = "GivingBack";

    /// <summary>Everything is as tidb-operator v1 left it; it may go on.</summary>
    public const string GivenBack = "GivenBack";

    /// <summary>PD is another cluster than the one that <c>status.clusterID</c> names; nothing is touched.</summary>
    public const string ForeignPD = "ForeignPD";

    /// <summary>A component that is changed earlier is not finished.</summary>
    public const string WaitsForEarlier = "WaitsForEarlier";

    /// <summary>The gate says no for now: taking a member would interrupt somebody.</summary>
    public const string NotSafeYet = "NotSafeYet";

    /// <summary>A pod that has taken the change does not serve yet; the others wait for it.</summary>
    public const string Restarting = "Restarting";

    /// <summary>Leaders leave a store before its pod restarts.</summary>
    public const string EvictingLeaders = "EvictingLeaders";

    /// <summary>Leaders have stopped leaving a store; see <c>spec.tikv.updatePolicy.onStalledEviction</c>.</summary>
    public const string EvictionStalled = "EvictionStalled";

    /// <summary>A member leaves: the database lets go of it, then its pod goes.</summary>
    public const string ScalingIn = "ScalingIn";

    /// <summary>Scaling in would leave too few stores, or too little room; write a larger number.</summary>
    public const string ScaleInRefused = "ScaleInRefused";

    /// <summary>A component that is gone from the spec cannot go: without it there is no database.</summary>
    public const string RemovalRefused = "RemovalRefused";

    /// <summary>A process did not take a value that was to be changed online: restart it, or write another.</summary>
    public const string ConfigNotTaken = "ConfigNotTaken";

    /// <summary>A member seems to be lost; it is waited for.</summary>
    public const string FailoverSuspected = "FailoverSuspected";

    /// <summary>A lost member is being replaced, or its stand-in leaves.</summary>
    public const string FailingOver = "FailingOver";

    /// <summary>A member is lost and <c>maxFailoverCount</c> forbids to replace it.</summary>
    public const string FailoverNotAllowed = "FailoverNotAllowed";

    /// <summary>More stores are gone than regions can spare; a person has to decide (docs/failures.md).</summary>
    public const string DataLost = "DataLost";

    /// <summary>PD has no majority, so nothing can be replaced; a person has to decide (docs/failures.md).</summary>
    public const string PDQuorumLost = "PDQuorumLost";

    /// <summary>The annotation for PD's leader names nobody who is a member.</summary>
    public const string NoSuchMember = "NoSuchMember";

    /// <summary>Components are being taken out of service, as the spec says.</summary>
    public const string Suspending = "Suspending";

    /// <summary>Components are out of service, as the spec says.</summary>
    public const string Suspended = "Suspended";

    /// <summary>The spec says that something is to be left alone.</summary>
    public const string Paused = "Paused";

    /// <summary>Nothing waits for approval.</summary>
    public const string Approved = "Approved";

    /// <summary>Something waits for <c>tide approve</c>.</summary>
    public const string NeedsApproval = "NeedsApproval";

    /// <summary>The circuit breaker is open until <c>tide breaker reset</c>.</summary>
    public const string BreakerOpened = "BreakerOpened";

    /// <summary>A guard of the gate is ignored for a while.</summary>
    public const string GuardOverridden = "GuardOverridden";

    /// <summary>The time of an override is over; it has no effect.</summary>
    public const string OverrideExpired = "OverrideExpired";

    /// <summary>The annotation of an override says nothing sensible; it has no effect.</summary>
    public const string OverrideRefused = "OverrideRefused";

    /// <summary>The spec is refused; the message says what to correct.</summary>
    public const string FailedValidation = "FailedValidation";

    /// <summary>The spec has fields that are not acted upon.</summary>
    public const string FieldNotSupported = "FieldNotSupported";

    /// <summary>Nothing is paused any more.</summary>
    public const string Resumed = "Resumed";

    /// <summary>The circuit breaker has been reset.</summary>
    public const string BreakerClosed = "BreakerClosed";

    /// <summary>No guard is overridden any more.</summary>
    public const string OverrideEnded = "OverrideEnded";
}

namespace Tidekeeper.Simulation;

/// <summary>Every history that ever failed, with what it found. None is removed.</summary>
public static class Seeds
{
    public static TheoryData<int, string> Regressions => new()
    {
        // The cause itself is guarded by a unit test of the election; the run only shows that the history ends well.
        { 100, "one lost answer to a renewal of the lease took 30 s to be noticed, and the lease was lost meanwhile" },
    };

    /// <summary>Of the campaign, as <c>./tide sim --replay</c> takes them.</summary>
    public static TheoryData<string, string> CampaignRegressions => new()
    {
        { "people restart pods/1///all", "a plan restarted a pod of PD and one of TiDB, since both were asked for" },
        {
            "a store's claim is deleted/27/WatchDelayMilliseconds=1590//all",
            "PD kept leaders away for ever from a store that had been given up"
        },
        {
            "one claim after another is deleted/1041/LatencyMilliseconds=20 NodeLost=1//0+1",
            "nobody could join PD once the member that had joined last was dropped and its claim was still there"
        },
        {
            "a machine is given back/74/DatabaseErrors=146 Pauses=3 MissedEvents=2//all",
            "a pod that had stood on lost data was deleted just after it had begun anew"
        },
        {
            "TiKV grows and shrinks/2078/LostAnswers=22 LateWrites=66 LatencyMilliseconds=32 "
            + "WatchDelayMilliseconds=4712 Crashes=33 DatabaseErrors=24 PodsDeleted=3 NodeLost=1 StaleViews=2//all",
            "a store that had registered while its pod was scaled in held up every other one for ever"
        },
        {
            "PD loses its majority for a while/3005/LostRequests=44 Conflicts=74 ServerErrors=19 "
            + "LatencyMilliseconds=1 WatchDelayMilliseconds=1854 Crashes=64 DatabaseErrors=60//all",
            "another TiDB was added for one that was ready again, since the record was of the last look"
        },
        {
            "leaders are moved by hand in the middle of an upgrade/3059/LostRequests=31 LostAnswers=39 "
            + "LatencyMilliseconds=6 Crashes=101 DatabaseErrors=140//all",
            "PD waited for leaders that were to come back after TiKV's restart, which waited for PD"
        },
        {
            "TiDB shrinks/5239/LostRequests=3 LostAnswers=63 LateWrites=93 Conflicts=73 LatencyMilliseconds=47 "
            + "DatabaseErrors=29 NodeLost=1 Pauses=1 Operators=2//all",
            "a status that came late overwrote the newer one, and was believed until the next look minutes later"
        },
        {
            "PD shrinks and grows by one/1///all",
            "a member could not join while the claim of another one was there that had left after joining last"
        },
    };
}

using Spectre.Console;

namespace Tidekeeper.Cli.View;

/// <summary>Draws a cluster as a tree; colours only where the terminal has them.</summary>
internal static class StatusTree
{
    public static void Print(ClusterView view) => AnsiConsole.Write(Of(view));

    public static Tree Of(ClusterView view)
    {
        var mark = view.Ready ? "[green]●[/]" : "[yellow]○[/]";
        var tree = new Tree(new Markup(
            $"{mark} [bold]{Markup.Escape($"{view.Namespace}/{view.Name}")}[/]  {Markup.Escape(view.Version)}  age "
                + $"{view.Age}"
            + (view.SqlPort is { } port ? $"  mysql 127.0.0.1:{port}" : "")));
        tree.AddNode(new Markup(Markup.Escape(view.Sentence)));
        foreach (var remark in view.Remarks.Where(one => one != view.Sentence))
            tree.AddNode(new Markup($"[yellow]{Markup.Escape(remark)}[/]"));
        foreach (var one in view.Plan)
            tree.AddNode(new Markup(Markup.Escape(one.Line(view.Sentence))));
        foreach (var component in view.Components)
        {
            var complete = component.Ready == component.Wanted ? "green" : "yellow";
            var phase = component.Phase.Length == 0 ? "" : $"  {component.Phase}";
            var node = tree.AddNode(new Markup(
                $"[bold]{component.Name}[/]  [{complete}]{component.Ready}/{component.Wanted} "
                    + $"ready[/]{Markup.Escape(phase)}"));
            foreach (var pod in component.Pods)
                node.AddNode(Line(pod, component.Pods.Max(p => p.Name.Length)));
        }

        return tree;
    }

    private static Markup Line(PodView pod, int width)
    {
        var colour = pod.Ready ? "green" : "yellow";
        var text = $"{pod.Name.PadRight(width)}  {pod.State,-10}  {pod.Version}  {pod.Node}  {pod.Age}";
        return new Markup($"[{colour}]{Markup.Escape(text)}[/]  {Markup.Escape(pod.Role)}");
    }
}

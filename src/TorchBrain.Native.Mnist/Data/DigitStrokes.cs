namespace TorchBrain.Native.Mnist;

/// <summary>
/// The hand-made strokes of the drawn digits: for each class a few variants, each a list of polylines in a square of side 1
/// (x to the right, y downwards).
/// </summary>
static class DigitStrokes
{
    /// <summary>Variants [digit][variant][stroke][point].</summary>
    public static (double X, double Y)[][][][] Variants { get; } =
    [
        [
            [Arc(.5, .5, .32, .48, -90, 270)],
            [Arc(.5, .5, .24, .48, -70, 300)],
            [Arc(.5, .5, .36, .42, -130, 215)],
        ],
        [
            [Line((.5, .02), (.5, .98))],
            [Line((.3, .22), (.52, .02), (.5, .98))],
            [Line((.3, .2), (.5, .02), (.5, .96)), Line((.26, .97), (.74, .97))],
        ],
        [
            [Join(Arc(.48, .28, .3, .26, 190, 390), Line((.55, .62), (.16, .96), (.84, .95)))],
            [Join(Arc(.46, .26, .28, .24, 200, 400), Line((.45, .7), (.22, .92)), Arc(.28, .86, .12, .1, 120, 330), Line((.6, .95), (.88, .88)))],
            [Join(Arc(.46, .3, .26, .28, 210, 380), Line((.6, .6), (.2, .95), (.5, .92), (.86, .98)))],
        ],
        [
            [Join(Arc(.44, .26, .28, .24, 205, 440), Arc(.44, .73, .33, .25, 275, 520))],
            [Join(Line((.18, .06), (.76, .05), (.42, .42)), Arc(.44, .7, .32, .28, 285, 510))],
            [Join(Arc(.42, .25, .3, .22, 190, 450), Arc(.46, .71, .28, .27, 255, 500))],
        ],
        [
            [Line((.24, .04), (.17, .56), (.84, .54)), Line((.7, .18), (.66, .98))],
            [Line((.64, .98), (.66, .02), (.14, .64), (.88, .62))],
            [Line((.3, .05), (.14, .4), (.3, .54), (.74, .48)), Line((.76, .04), (.68, .5), (.64, .98))],
        ],
        [
            [Join(Line((.82, .05), (.3, .06), (.25, .44)), Arc(.45, .69, .33, .28, 235, 505))],
            [Join(Line((.36, .08), (.28, .46)), Arc(.44, .71, .3, .26, 245, 500)), Line((.34, .08), (.84, .04))],
            [Join(Line((.78, .03), (.4, .04), (.3, .4), (.5, .46)), Arc(.44, .72, .3, .26, 290, 480), Line((.3, .97), (.16, .94)))],
        ],
        [
            [Join(Line((.7, .02), (.46, .16), (.28, .42)), Arc(.49, .72, .28, .25, 185, 545))],
            [Join(Line((.5, .02), (.32, .3), (.24, .6)), Arc(.48, .76, .24, .21, 180, 520))],
            [Join(Arc(.62, .54, .4, .5, 275, 155), Arc(.5, .74, .26, .22, 150, -170))],
        ],
        [
            [Line((.14, .08), (.84, .06), (.5, .5), (.38, .98))],
            [Line((.14, .24), (.17, .08), (.8, .08), (.46, .98))],
            [Line((.16, .06), (.84, .06), (.56, .46), (.44, .98)), Line((.3, .5), (.78, .48))],
        ],
        [
            [Arc(.5, .26, .24, .24, 90, 450), Arc(.5, .74, .3, .25, -90, 270)],
            [Join(Arc(.5, .27, .24, .25, 320, 110), Arc(.5, .75, .27, .23, 280, 600), Line((.56, .5), (.7, .16)))],
            [Arc(.54, .25, .2, .23, 90, 450), Arc(.47, .73, .25, .26, -75, 285)],
        ],
        [
            [Join(Arc(.47, .28, .26, .25, 350, 0), Line((.73, .28), (.7, .6), (.62, .98)))],
            [Join(Arc(.47, .27, .25, .25, 355, 10), Line((.72, .3), (.72, .7)), Arc(.46, .7, .26, .27, 0, 140))],
            [Join(Arc(.5, .26, .26, .22, 320, 40), Line((.74, .1), (.66, .52), (.44, .98)))],
        ],
    ];

    static (double X, double Y)[] Line(params (double X, double Y)[] points) => points;

    static (double X, double Y)[] Join(params (double X, double Y)[][] parts) => [.. parts.SelectMany(p => p)];

    /// <summary>An elliptic arc; angles in degrees, 0 to the right, 90 downwards. It runs clockwise if the second angle is larger.</summary>
    static (double X, double Y)[] Arc(double x, double y, double radiusX, double radiusY, double from, double to)
    {
        var pieces = Math.Max(2, (int)(Math.Abs(to - from) / 24));
        var points = new (double X, double Y)[pieces + 1];
        for (var i = 0; i <= pieces; i++)
        {
            var angle = from + (to - from) * i / pieces;
            points[i] = (x + radiusX * SineOfDegrees(angle + 90), y + radiusY * SineOfDegrees(angle));
        }
        return points;
    }

    /// <summary>The sine by its series: the same bits on every machine, which the library's is not.</summary>
    static double SineOfDegrees(double degrees)
    {
        var turns = degrees / 360;
        var x = (turns - Math.Round(turns)) * (2 * Math.PI);
        double term = x, sum = x;
        for (var k = 1; k < 16; k++)
        {
            term *= -x * x / (2 * k * (2 * k + 1));
            sum += term;
        }
        return sum;
    }
}

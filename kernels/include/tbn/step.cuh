// Everything that phases use and that depends on no network: included once, before any phase.
#pragma once
#include "tbn/arguments.cuh"
#include "tbn/fixed_point.cuh"
#include "tbn/math.cuh"
#include "tbn/phase.cuh"
#include "tbn/power.cuh"
#include "tbn/random.cuh"
#include "tbn/work.cuh"

// The models and how they find their parameters: included once, before update_neurons.cuh.
#pragma once
#include "neuron/alpha_leaky.cuh"
#include "neuron/conductance_leaky.cuh"
#include "neuron/izhikevich.cuh"
#include "neuron/leaky_integrate_and_fire.cuh"
#include "neuron/parameter.cuh"
